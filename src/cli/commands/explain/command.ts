import { defineCommand } from '../../program/define.ts'
import { FORMAT } from '../../program/shared-options.ts'

/** `mailconfig explain` */
export const explainCommand = defineCommand({
  name: 'explain',
  summary: 'say what a kind or a field means',
  arguments: [{ name: '[path]', summary: 'such as smtpUsers or smtpUsers.rateLimit', completes: 'kinds' }],
  options: {
    ownership: 'what is matched, updated and deleted when',
    ...FORMAT,
  },
  examples: [
    ['mailconfig explain', 'list the kinds'],
    ['mailconfig explain smtpUsers.rateLimit', 'one field'],
  ],
  run: async () => (await import('./explain.ts')).explain,
})
