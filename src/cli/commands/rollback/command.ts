import { defineCommand } from '../../program/define.ts'
import { ACCEPT, AUTO_APPROVE, BRANCH, FORMAT } from '../../program/shared-options.ts'

/** `mailconfig rollback` */
export const rollbackCommand = defineCommand({
  name: 'rollback',
  summary: 'plan and apply a return to the state after an earlier run',
  options: {
    ...BRANCH,
    to: { takes: 'run', summary: 'ID of the run, as shown by history', required: true },
    ...FORMAT,
    ...AUTO_APPROVE,
    ...ACCEPT,
  },
  examples: [['mailconfig rollback --to 4k7q9c', 'return to what was live after that run']],
  run: async () => (await import('./rollback.ts')).rollback,
})
