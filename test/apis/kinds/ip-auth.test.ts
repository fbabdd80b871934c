import { ipAuth } from '../../../src/apis/index.ts'
import { conforms } from './conforms.ts'
import { sendingEdits } from './sending-edits.ts'

conforms(ipAuth, {
  seed: { smtp2go: { scopes: { '': { ipAuth: [{ ip_address: '198.51.100.4' }] } } } },
  find: (state) => state.smtp2go.scopes['']?.['ipAuth']?.[0] ?? {},
  outside: sendingEdits,
  broken: [
    {
      entry: { address: '198.51.100.0/24' },
      call: { method: 'PATCH', path: '/ip_auth/edit', body: { ip_address: '198.51.100.0/24' } },
    },
    {
      entry: { status: 'paused' },
      call: { method: 'PATCH', path: '/ip_auth/edit', body: { ip_address: '198.51.100.4', status: 'paused' } },
    },
  ],
})
