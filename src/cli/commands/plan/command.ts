import { defineCommand } from '../../program/define.ts'
import { ACCEPT, DNS, REPORTS } from '../../program/shared-options.ts'

/** `mailconfig plan` */
export const planCommand = defineCommand({
  name: 'plan',
  summary: 'read live state and show what would change',
  options: {
    ...REPORTS,
    detailedExitcode: 'exit 2 if there are changes',
    all: 'also list unchanged objects',
    out: 'save the plan to a file, for show and apply',
    traffic: 'also ask what was sent in the last 7 days, and stop before something that is in use goes',
    ...ACCEPT,
    ...DNS,
  },
  examples: [
    ['mailconfig plan', 'show what an apply would do'],
    ['mailconfig plan --out plan.json', 'save the plan, to apply exactly that plan'],
    ['mailconfig plan --only "smtpUsers/*"', 'plan only a part'],
  ],
  run: async () => (await import('./plan.ts')).plan,
})
