import type { PlanDocument } from '../../../src/model/run/plan-document.ts'
import { change, planOf } from './plans.ts'

const BEFORE = `<!doctype html>
<html>
<head>
<style>
  body { font-family: Georgia, serif; color: #222; }
  .button { background: #0a7; color: #fff; padding: 10px 18px; }
</style>
</head>
<body>
  <h1>Your receipt</h1>
  <p>Hello {{name}},</p>
  <p>thank you for your order {{order}}.</p>
  <table>
    <tr><td>Total</td><td>{{total}}</td></tr>
  </table>
  <p><a class="button" href="https://example.com/orders">See your order</a></p>
  <p style="color: #888">You get this mail because you bought something.</p>
</body>
</html>
`
const AFTER = BEFORE.replace('Georgia, serif', 'Arial, sans-serif')
  .replace('thank you for your order {{order}}.', 'thank you very much for your order {{order}} of {{date}}.')
  .replace('#0a7', '#06c')
  .replace('<p style="color: #888">You', '<p>Questions? Just answer this mail.</p>\n  <p style="color: #888">You')

const at = (line: number) => ({ file: 'mailconfig.yaml', line, column: 5 })

/** A plan with something of everything. */
export function showcase(): PlanDocument {
  return planOf(
    [
      change({
        key: 'billing-app',
        source: at(14),
        reason: 'both',
        risk: { level: 'medium', why: ['rateLimit.messages is lowered: mail beyond it waits or is refused'] },
        fields: [
          { path: 'description', before: 'Invoices', after: 'Invoices and reminders', sensitive: false },
          { path: 'rateLimit.messages', before: 500, after: 250, sensitive: false, reason: 'drift' },
          { path: 'password', before: '(sensitive)', after: '(sensitive)', sensitive: true },
        ],
      }),
      change({
        key: 'reports-app',
        action: 'create',
        source: at(21),
        fields: [
          { path: 'username', before: null, after: 'reports-app', sensitive: false },
          { path: 'password', before: null, after: '(sensitive)', sensitive: true },
          { path: 'status', before: null, after: 'sandbox', sensitive: false },
        ],
      }),
      change({
        key: 'old-shop',
        action: 'delete',
        source: null,
        risk: { level: 'high', why: ['it is deleted: applications that log in with it can no longer send'] },
        fields: [],
      }),
      change({
        kind: 'templates',
        key: 'receipt',
        source: at(40),
        fields: [
          { path: 'subject', before: 'Your receipt', after: 'Your receipt for {{order}}', sensitive: false },
          { path: 'html', before: BEFORE, after: AFTER, sensitive: false },
        ],
        risk: { level: 'medium', why: ['senders have to provide a value for {{date}}'] },
      }),
      change({
        kind: 'webhooks',
        key: 'https://hooks.example.com/mail',
        source: at(52),
        reason: 'drift',
        fields: [
          {
            path: 'events',
            before: ['bounce', 'spam', 'unsubscribe'],
            after: ['bounce', 'spam', 'reject'],
            sensitive: false,
          },
        ],
      }),
      change({
        kind: 'suppressions',
        key: 'former-customer@example.org',
        action: 'delete',
        source: at(60),
        risk: {
          level: 'high',
          why: ['suppressions/former-customer@example.org: mail to former-customer@example.org would be sent again'],
        },
        fields: [{ path: 'description', before: 'Asked to be left alone', after: null, sensitive: false }],
      }),
      change({
        kind: 'senderDomains',
        key: 'example.com',
        action: 'create',
        source: at(9),
        subaccount: 'Acme',
        fields: [
          { path: 'domain', before: null, after: 'example.com', sensitive: false },
          { path: 'trackingSubdomain', before: null, after: 'link', sensitive: false },
        ],
      }),
      change({
        key: 'shop',
        renamedFrom: 'webshop',
        source: at(33),
        subaccount: 'Acme',
        risk: { level: 'medium', why: ['what knows it as "webshop" no longer finds it'] },
        fields: [{ path: 'username', before: 'webshop', after: 'shop', sensitive: false }],
      }),
    ],
    {
      gates: [
        {
          number: 'G1',
          code: 'SUPPRESSION_REMOVED',
          reason: 'suppressions/former-customer@example.org: mail to former-customer@example.org would be sent again',
          addresses: ['main:suppressions/former-customer@example.org'],
          accept: 'G1:3f9c',
          accepted: false,
        },
      ],
      unmanaged: Array.from({ length: 37 }, (_, number) => ({
        address: `suppressions/person-${number}@example.org`,
        account: 'main',
        subaccount: null,
      })),
      warnings: [
        {
          code: 'LOOSER_LIMIT',
          severity: 'warning',
          message: 'safety lets 40 % of smtpUsers be deleted without a word',
          hint: 'nothing, if that is meant',
          at: at(5),
        },
      ],
    },
  )
}
