import { allowedSenders } from '../../../src/apis/index.ts'
import { conforms } from './conforms.ts'

conforms(allowedSenders, {
  find: (state) => state.smtp2go.scopes['']?.['allowedSenders'] ?? {},
  outside: {
    mode: (row) => {
      row['mode'] = 'disabled'
    },
    entries: (row) => {
      row['entries'] = ['example.com']
    },
  },
  broken: [
    {
      entry: { mode: 'whitelist-ish' },
      call: { method: 'POST', path: '/allowed_senders/update', body: { allowed_senders: [], mode: 'whitelist-ish' } },
    },
    {
      entry: { entries: 'example.com' },
      call: { method: 'POST', path: '/allowed_senders/add', body: { allowed_senders: 7 } },
    },
  ],
})
