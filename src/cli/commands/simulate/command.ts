import { defineCommand } from '../../program/define.ts'
import { FORMAT } from '../../program/shared-options.ts'

/** `mailconfig simulate` */
export const simulateCommand = defineCommand({
  name: 'simulate',
  summary: 'say whether a message would be taken, and why not; nothing is sent',
  options: {
    from: { summary: 'envelope sender; an empty text for a bounce', required: true },
    headerFrom: 'address in the From header (default: that of --from)',
    to: { summary: 'recipient (may be repeated)', required: true },
    user: 'SMTP user that signs in',
    key: 'API key that sends, by its description',
    ipAuth: 'send without a login, by the IP address alone',
    ip: 'IP address of the client (default: one that every list has)',
    subaccount: 'subaccount that sends',
    state: 'the state that is wanted, or the one that is live (default desired)',
    ...FORMAT,
  },
  examples: [
    [
      'mailconfig simulate --from invoices@shop.example --to ann@example.net --user billing-app',
      'would this be delivered once the spec is applied?',
    ],
    [
      'mailconfig simulate --from a@shop.example --to b@example.net --user app --ip 198.51.100.9 --state live',
      'is it refused today, and by which rule?',
    ],
  ],
  run: async () => (await import('./simulate.ts')).simulate,
})
