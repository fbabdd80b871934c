import { defineCommand } from '../../program/define.ts'
import { ACCEPT, AUTO_APPROVE, BRANCH, FORMAT } from '../../program/shared-options.ts'

/** `mailconfig suppressions lift` */
export const suppressionsLiftCommand = defineCommand({
  name: 'lift',
  group: { name: 'suppressions', summary: 'suppressions of the service, and of those you had before' },
  summary: 'allow mail again to an address that bounced, complained or unsubscribed',
  arguments: [{ name: '<address>', summary: 'an e-mail address or a domain' }],
  options: {
    reason: 'only suppressions with this reason (may be repeated; default: all)',
    subaccount: 'in this subaccount',
    ...FORMAT,
    ...AUTO_APPROVE,
    ...ACCEPT,
    ...BRANCH,
  },
  examples: [
    ['mailconfig suppressions lift ann@example.org', 'show the suppressions and the gate to accept'],
    ['mailconfig suppressions lift ann@example.org --reason bounce', 'bounces only'],
  ],
  run: async () => (await import('./suppressions-lift.ts')).liftSuppressions,
})
