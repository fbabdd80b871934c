import { defineCommand } from '../../program/define.ts'
import { ACCEPT, AUTO_APPROVE, BRANCH, DNS, REPORTS } from '../../program/shared-options.ts'

/** `mailconfig apply` */
export const applyCommand = defineCommand({
  name: 'apply',
  summary: 'plan, ask, apply, read back, report',
  arguments: [
    { name: '[plan]', summary: 'a file written by plan --out: exactly that plan is applied, without asking' },
  ],
  options: {
    ...REPORTS,
    ...AUTO_APPROVE,
    traffic: 'also ask what was sent in the last 7 days, and stop before something that is in use goes',
    ...ACCEPT,
    ...DNS,
    ...BRANCH,
  },
  examples: [
    ['mailconfig apply', 'plan, ask and apply'],
    ['mailconfig apply plan.json', 'apply exactly the saved plan'],
    ['mailconfig apply --auto-approve --branch main', 'in CI: without asking, and only from one branch'],
  ],
  run: async () => (await import('./apply.ts')).apply,
})
