import { defineCommand } from '../../program/define.ts'

/** `mailconfig export` */
export const exportCommand = defineCommand({
  name: 'export',
  summary: 'print live state as a spec',
  options: {
    format: {
      summary: 'what it is written as; json for the report of --into',
      choices: ['yaml', 'terraform', 'emulator', 'json'],
    },
    out: 'write to a file instead',
    force: 'write over a file that is there',
    subaccounts: 'with the contents of every subaccount',
    allFields: 'write fields at their defaults, too, so that every later change outside is seen',
    into: 'merge into a file of the spec, which keeps its comments, order and references',
    allSections: 'with --into: add the sections, too, that the spec leaves out',
    updateFiles: 'with --into: write texts that stand in files of their own, too',
    detailedExitcode: 'with --into: exit 2 if the plan would not be empty afterwards',
  },
  examples: [
    ['mailconfig export --account main -o main.yaml', 'write an account to a file'],
    ['mailconfig export --into mailconfig.yaml', 'take over what changed in a console'],
    ['mailconfig export --format terraform', 'the same as Terraform resources and imports'],
  ],
  run: async () => (await import('./export.ts')).exportCommand,
})
