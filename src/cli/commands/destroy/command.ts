import { defineCommand } from '../../program/define.ts'
import { ACCEPT, AUTO_APPROVE, BRANCH, REPORTS } from '../../program/shared-options.ts'

/** `mailconfig destroy` */
export const destroyCommand = defineCommand({
  name: 'destroy',
  summary: 'delete what the spec names, after the same plan and gates',
  options: {
    ...REPORTS,
    out: 'delete nothing, and save the plan to a file, for show and apply',
    ...AUTO_APPROVE,
    ...ACCEPT,
    ...BRANCH,
  },
  examples: [
    ['mailconfig destroy --only "webhooks/*"', 'delete the webhooks that the spec names'],
    ['mailconfig destroy --out gone.json', 'save the plan of it, to be reviewed'],
  ],
  run: async () => (await import('./destroy.ts')).destroy,
})
