import { defineCommand } from '../../program/define.ts'
import { REPORTS } from '../../program/shared-options.ts'

/** `mailconfig show` */
export const showCommand = defineCommand({
  name: 'show',
  summary: 'print a saved plan',
  arguments: [{ name: '<plan>', summary: 'a file written by plan --out' }],
  options: {
    ...REPORTS,
  },
  examples: [
    ['mailconfig show plan.json', 'print it as plan did'],
    ['mailconfig show plan.json --format markdown', 'as a comment for a pull request'],
  ],
  run: async () => (await import('./show.ts')).show,
})
