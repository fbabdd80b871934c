import { ipAllowlist } from '../../../src/apis/index.ts'
import { conforms } from './conforms.ts'

type Row = Record<string, unknown>

conforms(ipAllowlist, {
  find: (state) => (state.smtp2go.scopes['']?.['ipAllowList']?.['smtp'] as Row | undefined) ?? {},
  outside: {
    enabled: (row) => {
      row['enabled'] = false
    },
    entries: (row) => {
      row['entries'] = [{ ip_address: '203.0.113.0/24', description: 'Somebody else' }]
    },
  },
  broken: [
    {
      entry: { entries: [{ address: '203.0.113.999' }] },
      call: { method: 'POST', path: '/ip_allow_list/add', body: { ip_address: '203.0.113.999', type: 'smtp' } },
    },
  ],
})
