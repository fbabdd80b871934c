import { defineCommand } from '../../program/define.ts'
import { FORMAT } from '../../program/shared-options.ts'

/** `mailconfig check` */
export const checkCommand = defineCommand({
  name: 'check',
  summary: 'ask each provider for its status, and each API whether the credentials work',
  options: {
    direct: 'connect to the server of each provider as well, and sign in; nothing is sent',
    passwords: 'sign in as each SMTP user as well; nothing is sent',
    smtp: 'submission server to use instead of that of the service',
    ...FORMAT,
  },
  examples: [
    ['mailconfig check', 'try every credential, and list the IP pools'],
    ['mailconfig check --direct --passwords', 'do the servers answer, and are the passwords right?'],
    ['mailconfig check --account main --format json', 'one account, for a script'],
  ],
  run: async () => (await import('./check.ts')).check,
})
