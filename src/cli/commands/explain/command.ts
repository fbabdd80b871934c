import { defineCommand } from '../../program/define.ts'
import { FORMAT } from '../../program/shared-options.ts'

/** `mailconfig explain` */
export const explainCommand = defineCommand({
  name: 'explain',
  summary: 'explain a kind or a field',
  arguments: [{ name: '[path]', summary: 'such as smtpUsers or smtpUsers.rateLimit', completes: 'kinds' }],
  options: {
    ownership: 'show when objects are matched, updated and deleted',
    ...FORMAT,
  },
  examples: [
    ['mailconfig explain', 'list the kinds'],
    ['mailconfig explain smtpUsers.rateLimit', 'one field'],
  ],
  run: async () => (await import('./explain.ts')).explain,
})
