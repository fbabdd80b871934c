import { defineCommand } from '../../program/define.ts'
import { ACCEPT, AUTO_APPROVE, BRANCH, FORMAT } from '../../program/shared-options.ts'

/** `mailconfig suppressions lift` */
export const suppressionsLiftCommand = defineCommand({
  name: 'lift',
  group: { name: 'suppressions', summary: 'who gets no mail, beside what the spec says' },
  summary: 'let mail go out again to an address that bounced, complained or unsubscribed',
  arguments: [{ name: '<address>', summary: 'an e-mail address or a domain' }],
  options: {
    reason: 'only what was suppressed for this (may be repeated; default all)',
    subaccount: 'in this subaccount',
    ...FORMAT,
    ...AUTO_APPROVE,
    ...ACCEPT,
    ...BRANCH,
  },
  examples: [
    ['mailconfig suppressions lift ann@example.org', 'show what there is, and what to accept'],
    ['mailconfig suppressions lift ann@example.org --reason bounce', 'bounces alone'],
  ],
  run: async () => (await import('./suppressions-lift.ts')).liftSuppressions,
})
