import { senderDomain } from '../../../src/apis/index.ts'
import { conforms } from './conforms.ts'

type Row = Record<string, unknown>

const part = (row: Row, name: string): Row => row[name] as Row

conforms(senderDomain, {
  seed: {
    smtp2go: {
      subaccounts: [{ id: 'abc123', name: 'Acme', email: 'it@acme.example', state: 'Active', plan_size: 10000 }],
    },
  },
  find: (state) =>
    state.smtp2go.scopes['']?.['domains']?.find((row) => part(row, 'domain')['fulldomain'] === 'example.com') ?? {},
  outside: {
    returnPath: (row) => {
      part(row, 'domain')['rpath_selector'] = 'returns'
    },
    tracking: (row) => {
      row['trackers'] = [{ subdomain: 'clicks', enabled: true, cname_verified: false }]
    },
    'subaccountAccess.subaccounts': (row) => {
      part(row, 'subaccount_access')['subaccounts'] = []
    },
    'subaccountAccess.future': (row) => {
      part(row, 'subaccount_access')['future_subaccounts'] = true
    },
  },
  broken: [
    { entry: { domain: 'no domain' }, call: { method: 'POST', path: '/domain/add', body: { domain: 'no domain' } } },
    {
      entry: { autoVerify: 'perhaps' },
      call: { method: 'POST', path: '/domain/add', body: { domain: 'example.com', auto_verify: 'perhaps' } },
    },
  ],
})
