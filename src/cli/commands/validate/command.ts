import { defineCommand } from '../../program/define.ts'
import { REPORTS } from '../../program/shared-options.ts'

/** `mailconfig validate` */
export const validateCommand = defineCommand({
  name: 'validate',
  summary: 'check the spec offline; every problem at once',
  options: {
    ...REPORTS,
    withSecrets: 'look at the values that references stand for, too, as plan does',
  },
  examples: [
    ['mailconfig validate', 'check mailconfig.yaml or the folder mailconfig/'],
    ['mailconfig validate --strict --report sarif=mail.sarif', 'in CI: warnings fail, and code scanning gets a report'],
  ],
  run: async () => (await import('./validate.ts')).validate,
})
