import { defineCommand } from '../../program/define.ts'
import { BRANCH, FORMAT } from '../../program/shared-options.ts'

/** `mailconfig adopt` */
export const adoptCommand = defineCommand({
  name: 'adopt',
  summary: 'take declared and live objects into the ledger; no API is changed',
  arguments: [{ name: '[address...]', summary: 'such as smtpUsers/billing-app or "smtpUsers/*"' }],
  options: {
    ...BRANCH,
    ...FORMAT,
    all: 'everything that the spec declares',
    replace: 'begin the record anew where it cannot be used',
  },
  examples: [
    ['mailconfig adopt --all', 'take in everything that the spec declares'],
    ['mailconfig adopt "smtpUsers/*"', 'take in the SMTP users alone'],
  ],
  run: async () => (await import('./adopt.ts')).adopt,
})
