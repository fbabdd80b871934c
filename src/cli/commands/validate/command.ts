import { defineCommand } from '../../program/define.ts'
import { REPORTS } from '../../program/shared-options.ts'

/** `mailconfig validate` */
export const validateCommand = defineCommand({
  name: 'validate',
  summary: 'check the spec offline and report every problem at once',
  options: {
    ...REPORTS,
    withSecrets: 'also resolve references and check their values, as plan does',
  },
  examples: [
    ['mailconfig validate', 'check mailconfig.yaml or the folder mailconfig/'],
    ['mailconfig validate --strict --report sarif=mail.sarif', 'in CI: warnings fail, and code scanning gets a report'],
  ],
  run: async () => (await import('./validate.ts')).validate,
})
