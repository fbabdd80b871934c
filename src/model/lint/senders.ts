import type { Lint } from './lint.ts'

/** What is odd about who sends. */
export const senderLints = [
  {
    code: 'UNCOVERED_SENDER',
    severity: 'warning',
    says: 'The spec declares senders, and none of them covers the address of a provider (`sendFrom`), of blind copies (`auditEmail`) or of bounces (`bounceNotifications`). Mail from it is refused; copies and bounces go to somebody else. It is unknown whether a verified domain covers its subdomains, so `sendFrom` needs the exact domain.',
    fix: 'Declare its domain under `senderDomains`, or correct the address.',
    example: `senderDomains:
  - domain: shop.example
smtpUsers:
  - username: billing-app
    password: \${env:BILLING_PASSWORD}
    rateLimit: { messages: 500, per: 1 hour }
    auditEmail: audit@shop.exmaple
`,
  },
  {
    code: 'SINGLE_SENDER_FREEMAIL',
    severity: 'warning',
    says: 'A single sender is an address at a free mail service. Its mail is not signed by that domain, so receivers that check DMARC refuse it or treat it as spam.',
    fix: 'Send from a domain of your own, and declare it under `senderDomains`.',
    example: `singleSenders:
  - our.shop@gmail.com
`,
  },
  {
    code: 'SINGLE_SENDER_REDUNDANT',
    severity: 'warning',
    says: 'A single sender is an address of a declared sender domain, which already covers it; the single sender still has to be confirmed by mail.',
    fix: 'Remove the single sender.',
    example: `senderDomains:
  - domain: shop.example
singleSenders:
  - invoices@shop.example
`,
  },
  {
    code: 'LIST_SHADOWS_DOMAIN',
    severity: 'warning',
    says: 'In the modes `allow` and `block` the list of allowed senders alone decides. In the mode `allow` a declared sender that is not on it may not send; in the mode `block` anybody may who is not on it, verified or not.',
    fix: 'Use the mode `disabled`, or put the declared senders on a list of the mode `allow`.',
    example: `senderDomains:
  - domain: shop.example
allowedSenders:
  mode: allow
  entries: [news.example]
`,
  },
] as const satisfies readonly Lint[]
