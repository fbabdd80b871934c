import type { LintCode } from '../../../src/model/lint/lints.ts'

const template = (html: string, text = 'Thank you.') => `templates:
  - id: receipt-01
    name: Receipt
    subject: Your receipt
    html: ${html}
    text: ${text}
`

/** The example of each lint as it is after its advice was followed. */
export const FIXED: Readonly<Record<LintCode, string>> = {
  UNCOVERED_SENDER: `senderDomains:
  - domain: shop.example
smtpUsers:
  - username: billing-app
    password: \${env:BILLING_PASSWORD}
    rateLimit: { messages: 500, per: 1 hour }
    auditEmail: audit@shop.example
`,
  SINGLE_SENDER_FREEMAIL: `senderDomains:
  - domain: shop.example
`,
  SINGLE_SENDER_REDUNDANT: `senderDomains:
  - domain: shop.example
`,
  LIST_SHADOWS_DOMAIN: `senderDomains:
  - domain: shop.example
allowedSenders:
  mode: allow
  entries: [news.example, shop.example]
`,
  KEY_CAN_DO_ALL: `apiKeys:
  - description: Shop
    endpoints: [/email/send]
    rateLimit: { messages: 500, per: 1 hour }
    saveTo: { file: secrets/shop.key }
`,
  KEY_UNLIMITED: `apiKeys:
  - description: Shop
    endpoints: [/email/send]
    rateLimit: { messages: 500, per: 1 hour }
    saveTo: { file: secrets/shop.key }
`,
  USER_UNLIMITED: `smtpUsers:
  - username: billing-app
    password: \${env:BILLING_PASSWORD}
    rateLimit: { messages: 500, per: 1 hour }
`,
  TRACKING_WITHOUT_TRACKER: `senderDomains:
  - domain: news.example
smtpUsers:
  - username: press-app
    password: \${env:PRESS_PASSWORD}
    rateLimit: { messages: 500, per: 1 hour }
    clickTracking: true
`,
  BULK_WITHOUT_UNSUBSCRIBE: `smtpUsers:
  - username: newsletter
    password: \${env:NEWSLETTER_PASSWORD}
    rateLimit: { messages: 5000, per: 1 hour }
    unsubscribeFooter: { text: "Leave: %%UNSUBSCRIBE%%" }
`,
  SANDBOX_IN_PRODUCTION: `smtpUsers:
  - username: billing-staging
    password: \${env:BILLING_PASSWORD}
    status: sandbox
`,
  LIST_TOO_WIDE: `ipAllowlist:
  smtp:
    enabled: true
    entries:
      - { address: 203.0.113.0/24, description: Office }
`,
  WEBHOOK_PLAIN_HTTP: `webhooks:
  - url: https://hooks.example.com/mail
    events: [bounce, spam]
    auth: { type: bearer, value: "\${env:HOOK_TOKEN}" }
`,
  WEBHOOK_NO_AUTH: `webhooks:
  - url: https://hooks.example.com/mail
    events: [bounce, spam]
    auth: { type: bearer, value: "\${env:HOOK_TOKEN}" }
`,
  WEBHOOK_NO_BOUNCES: `webhooks:
  - url: https://hooks.example.com/mail
    events: [delivered, open, bounce]
    auth: { type: bearer, value: "\${env:HOOK_TOKEN}" }
`,
  TEMPLATE_SYNTAX: template('<p>{{#if name}}Dear {{name}}{{/if}}</p>'),
  TEMPLATE_UNKNOWN_VARIABLE: `${template('<p>Dear {{name}}</p>', 'Dear {{name}}')}    variables: { name: Ann }\n`,
  TEMPLATE_UNUSED_VARIABLE: `${template('<p>Dear {{name}}</p>', 'Dear {{name}}')}    variables: { name: Ann }\n`,
  TEMPLATE_NO_TEXT: template('<p>Thank you.</p>'),
  TEMPLATE_RAW: template('<p>Dear {{name}}</p>', 'Dear {{{name}}}'),
  TEMPLATE_TOO_LARGE: template('<p>Thank you.</p>'),
  LINK_WITHOUT_SCHEME: template('<p><a href="https://www.shop.example">Our shop</a></p>'),
  IMAGE_WITHOUT_ALT: template('<p><img src="https://shop.example/logo.png" alt="Our shop"></p>'),
  SUPPRESSED_OWN_DOMAIN: `senderDomains:
  - domain: shop.example
suppressions:
  - nobody@shop.example
`,
}
