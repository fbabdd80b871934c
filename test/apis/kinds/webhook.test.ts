import { webhook } from '../../../src/apis/index.ts'
import { conforms } from './conforms.ts'

const edit = (name: string, value: unknown) => (row: Record<string, unknown>) => {
  row[name] = value
}

conforms(webhook, {
  seed: { smtp2go: { scopes: { '': { smtpUsers: [{ username: 'billing-app' }] } } } },
  find: (state) => state.smtp2go.scopes['']?.['webhooks']?.[0] ?? {},
  outside: {
    events: edit('events', ['bounce']),
    smsEvents: edit('sms_events', []),
    usernames: edit('usernames', []),
    headers: edit('headers', ['X-Other']),
    format: edit('output_format', 'form'),
    'auth.type': edit('auth_header_type', 'basic'),
  },
  broken: [
    { entry: { url: 'nowhere' }, call: { method: 'POST', path: '/webhook/add', body: { url: 'nowhere' } } },
    {
      entry: { format: 'xml' },
      call: { method: 'POST', path: '/webhook/add', body: { url: 'https://hooks.example.com/', output_format: 'xml' } },
    },
  ],
})
