import { defineCommand } from '../../program/define.ts'
import { ACCEPT, AUTO_APPROVE, BRANCH, FORMAT } from '../../program/shared-options.ts'

/** `mailconfig rollback` */
export const rollbackCommand = defineCommand({
  name: 'rollback',
  summary: 'a plan back to the state after an earlier run',
  options: {
    ...BRANCH,
    to: { summary: 'the run, as history names it', required: true },
    ...FORMAT,
    ...AUTO_APPROVE,
    ...ACCEPT,
  },
  examples: [['mailconfig rollback --to 4k7q9c', 'go back to what was live after that run']],
  run: async () => (await import('./rollback.ts')).rollback,
})
