import type { Lint } from './lint.ts'

/** What is odd about webhooks. Disabled ones are left out. */
export const webhookLints = [
  {
    code: 'WEBHOOK_PLAIN_HTTP',
    severity: 'warning',
    says: 'Events go over plain http: everyone on the way can read the addresses of recipients, and the token of the webhook. Loopback is left out.',
    fix: 'Use https.',
    example: `webhooks:
  - url: http://hooks.example.com/mail
    events: [bounce, spam]
    auth: { type: bearer, value: "\${env:HOOK_TOKEN}" }
`,
  },
  {
    code: 'WEBHOOK_NO_AUTH',
    severity: 'warning',
    says: 'A webhook has neither `auth` nor `customHeaders`, nor a login in its URL. The service does not sign its calls, so anybody who knows the URL can report a bounce or a complaint that never was.',
    fix: 'Set `auth`; with `saveTo` and no value, mailconfig generates the token.',
    example: `webhooks:
  - url: https://hooks.example.com/mail
    events: [bounce, spam]
`,
  },
  {
    code: 'WEBHOOK_NO_BOUNCES',
    severity: 'warning',
    says: 'The scope has webhooks, and none of them asks for `bounce`: the application keeps sending to addresses that do not exist, which costs reputation.',
    fix: 'Add `bounce` to `events` of one of them.',
    example: `webhooks:
  - url: https://hooks.example.com/mail
    events: [delivered, open]
    auth: { type: bearer, value: "\${env:HOOK_TOKEN}" }
`,
  },
] as const satisfies readonly Lint[]
