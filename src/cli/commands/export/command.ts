import { defineCommand } from '../../program/define.ts'

/** `mailconfig export` */
export const exportCommand = defineCommand({
  name: 'export',
  summary: 'print live state as a spec',
  options: {
    format: {
      summary: 'output format; json for the report of --into',
      choices: ['yaml', 'terraform', 'emulator', 'json'],
    },
    out: 'write to a file instead of standard output',
    force: 'overwrite an existing file',
    subaccounts: 'include the contents of every subaccount',
    allFields: 'include fields that have their default value, so that any later change outside the spec is detected',
    into: 'merge into a spec file, keeping its comments, order and references',
    allSections: 'with --into: also add sections that the spec does not have',
    updateFiles: 'with --into: also update texts that are stored in separate files',
    detailedExitcode: 'with --into: exit 2 if the plan would not be empty afterwards',
  },
  examples: [
    ['mailconfig export --account main -o main.yaml', 'write an account to a file'],
    ['mailconfig export --into mailconfig.yaml', 'bring changes from a console into the spec'],
    ['mailconfig export --format terraform', 'the same as Terraform resources and imports'],
  ],
  run: async () => (await import('./export.ts')).exportCommand,
})
