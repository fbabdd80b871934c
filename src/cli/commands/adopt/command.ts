import { defineCommand } from '../../program/define.ts'
import { BRANCH, FORMAT } from '../../program/shared-options.ts'

/** `mailconfig adopt` */
export const adoptCommand = defineCommand({
  name: 'adopt',
  summary: 'record declared and live objects in the ledger, without changing any API',
  arguments: [{ name: '[address...]', summary: 'such as smtpUsers/billing-app or "smtpUsers/*"' }],
  options: {
    ...BRANCH,
    ...FORMAT,
    all: 'adopt everything that the spec declares',
    replace: 'start a new record if the existing one cannot be used',
  },
  examples: [
    ['mailconfig adopt --all', 'adopt everything that the spec declares'],
    ['mailconfig adopt "smtpUsers/*"', 'adopt only the SMTP users'],
  ],
  run: async () => (await import('./adopt.ts')).adopt,
})
