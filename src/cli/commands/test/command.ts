import { defineCommand } from '../../program/define.ts'

/** `mailconfig test` */
export const testCommand = defineCommand({
  name: 'test',
  summary: 'check what the spec says under "tests" about who may send',
  options: {
    state: 'the state that is wanted, or the one that is live (default desired)',
    format: { summary: 'output format', choices: ['text', 'tap', 'junit', 'json'], preset: 'text' },
  },
  examples: [
    ['mailconfig test', 'check the spec, with the account where there is a credential'],
    ['mailconfig test --state live --format junit', 'do they hold today? as a report for CI'],
  ],
  run: async () => (await import('./test.ts')).test,
})
