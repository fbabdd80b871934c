import type { Lint } from './lint.ts'

/** What is odd about logins, keys and addresses that send without a login. */
export const loginLints = [
  {
    code: 'KEY_CAN_DO_ALL',
    severity: 'warning',
    says: 'An API key may call every endpoint. An application that only sends mail could, with its key stolen, remove sender domains and make more keys.',
    fix: 'List what it calls under `endpoints`, such as `/email/send`.',
    example: `apiKeys:
  - description: Shop
    endpoints: ["*"]
    rateLimit: { messages: 500, per: 1 hour }
    saveTo: { file: secrets/shop.key }
`,
  },
  {
    code: 'KEY_UNLIMITED',
    severity: 'warning',
    says: 'An API key may send mail, and the spec sets no rate limit for it: with the key stolen, everything that the account may send can be sent as spam in an hour.',
    fix: 'Set `rateLimit` to a little more than the application needs.',
    example: `apiKeys:
  - description: Shop
    endpoints: [/email/send]
    saveTo: { file: secrets/shop.key }
`,
  },
  {
    code: 'USER_UNLIMITED',
    severity: 'warning',
    says: 'An SMTP user, or an address that sends without a login, has no rate limit in the spec: with the password stolen, everything that the account may send can be sent as spam in an hour. Blocked and sandboxed ones are left out.',
    fix: 'Set `rateLimit` to a little more than the application needs.',
    example: `smtpUsers:
  - username: billing-app
    password: \${env:BILLING_PASSWORD}
`,
  },
  {
    code: 'TRACKING_WITHOUT_TRACKER',
    severity: 'warning',
    says: 'Opens or clicks are counted, and the scope declares senders, but no sender domain, which would bring a tracking domain of your own: links lead through a domain that recipients do not know and that other customers share.',
    fix: 'Declare a sender domain; `tracking` is the label of its tracking domain. Or switch tracking off.',
    example: `singleSenders:
  - press@news.example
smtpUsers:
  - username: press-app
    password: \${env:PRESS_PASSWORD}
    rateLimit: { messages: 500, per: 1 hour }
    clickTracking: true
`,
  },
  {
    code: 'BULK_WITHOUT_UNSUBSCRIBE',
    severity: 'warning',
    says: 'A login or key is named or described as one for newsletters, marketing or other bulk mail, and adds no unsubscribe link: there is no `unsubscribeFooter`, or it lacks `%%UNSUBSCRIBE%%`. Gmail and Yahoo ask bulk senders for one, and recipients who find none report spam.',
    fix: 'Set `unsubscribeFooter` with `%%UNSUBSCRIBE%%` in it.',
    example: `smtpUsers:
  - username: newsletter
    password: \${env:NEWSLETTER_PASSWORD}
    rateLimit: { messages: 5000, per: 1 hour }
`,
  },
  {
    code: 'SANDBOX_IN_PRODUCTION',
    severity: 'warning',
    says: 'A login accepts mail and discards it (`status: sandbox`), and production uses it: the account, the subaccount or the login has `prod` or `production` in its name, or an enabled provider logs in with it.',
    fix: 'Set `status: allowed`, or use another login for tests.',
    example: `smtpUsers:
  - username: billing-production
    password: \${env:BILLING_PASSWORD}
    status: sandbox
`,
  },
] as const satisfies readonly Lint[]
