import { defineCommand } from '../../program/define.ts'
import { FORMAT } from '../../program/shared-options.ts'

/** `mailconfig explain` */
export const explainCommand = defineCommand({
  name: 'explain',
  summary: 'explain a kind, a field or a lint',
  arguments: [{ name: '[path]', summary: 'such as smtpUsers or smtpUsers.rateLimit', completes: 'explained' }],
  options: {
    ownership: 'show when objects are matched, updated and deleted',
    ...FORMAT,
  },
  examples: [
    ['mailconfig explain', 'list the kinds'],
    ['mailconfig explain smtpUsers.rateLimit', 'one field'],
    ['mailconfig explain lint.KEY_UNLIMITED', 'a lint, with an example; "explain lint" lists them'],
  ],
  run: async () => (await import('./explain.ts')).explain,
})
