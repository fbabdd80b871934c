import { defineCommand } from '../../program/define.ts'
import { ACCEPT, AUTO_APPROVE, BRANCH, REPORTS } from '../../program/shared-options.ts'

/** `mailconfig destroy` */
export const destroyCommand = defineCommand({
  name: 'destroy',
  summary: 'delete what the spec declares, with the same plan and gates',
  options: {
    ...REPORTS,
    out: 'delete nothing; save the plan to a file for show and apply',
    ...AUTO_APPROVE,
    ...ACCEPT,
    ...BRANCH,
  },
  examples: [
    ['mailconfig destroy --only "webhooks/*"', 'delete the webhooks that the spec declares'],
    ['mailconfig destroy --out gone.json', 'save the plan for review'],
  ],
  run: async () => (await import('./destroy.ts')).destroy,
})
