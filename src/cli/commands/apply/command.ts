import { defineCommand } from '../../program/define.ts'
import { ACCEPT, AUTO_APPROVE, BRANCH, REPORTS } from '../../program/shared-options.ts'

/** `mailconfig apply` */
export const applyCommand = defineCommand({
  name: 'apply',
  summary: 'plan, ask, apply, read back, report',
  arguments: [
    { name: '[plan]', summary: 'a file that plan --out wrote: exactly that is applied, and nobody is asked' },
  ],
  options: {
    ...REPORTS,
    ...AUTO_APPROVE,
    ...ACCEPT,
    ...BRANCH,
  },
  examples: [
    ['mailconfig apply', 'plan, ask and apply'],
    ['mailconfig apply plan.json', 'apply a saved plan, exactly that'],
    ['mailconfig apply --auto-approve --branch main', 'in CI: without a question, from one branch alone'],
  ],
  run: async () => (await import('./apply.ts')).apply,
})
