import { defineCommand } from '../../program/define.ts'
import { FORMAT } from '../../program/shared-options.ts'

/** `mailconfig check` */
export const checkCommand = defineCommand({
  name: 'check',
  summary: 'ask each provider for its status, and each API whether the credentials work',
  options: {
    ...FORMAT,
  },
  examples: [
    ['mailconfig check', 'try every credential, and list the IP pools'],
    ['mailconfig check --account main --format json', 'one account, for a script'],
  ],
  run: async () => (await import('./check.ts')).check,
})
