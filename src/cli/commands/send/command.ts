import { defineCommand } from '../../program/define.ts'
import { AUTO_APPROVE, BRANCH, FORMAT } from '../../program/shared-options.ts'

/** `mailconfig send` */
export const sendCommand = defineCommand({
  name: 'send',
  summary: 'send one message, and follow what becomes of it',
  options: {
    from: 'who it is from: ann@shop.example, or "Ann <ann@shop.example>"',
    to: 'a recipient (may be repeated)',
    subject: { summary: 'its subject (default: a test of mailconfig)' },
    text: 'its text (default: a sentence on what it is)',
    html: 'a file with its HTML',
    template: 'a template of the account instead of subject and text; by the API',
    data: 'a JSON file with the variables of the template',
    eml: 'a whole message (RFC 5322) instead of all of these',
    via: 'over SMTP, or by the API (default: SMTP with --user or --provider, else the API)',
    user: 'SMTP user that signs in, with the password of the spec',
    key: 'API key that sends, from its saveTo file (default: the credential of the account)',
    provider: 'a provider of the spec: its server, login and password',
    smtp: 'submission server to use instead of that of the service',
    wait: 'how long to wait until it is delivered, such as 2m',
    ...FORMAT,
    ...AUTO_APPROVE,
    ...BRANCH,
  },
  examples: [
    ['mailconfig send --from ann@shop.example --to me@example.net --user billing-app --wait 2m', 'does mail arrive?'],
    [
      'mailconfig send --from ann@shop.example --to me@example.net --template receipt --data order.json',
      'a template with real data',
    ],
    ['mailconfig send --from ann@shop.example --to me@example.net --provider relay', 'through a provider'],
  ],
  run: async () => (await import('./send.ts')).send,
})
