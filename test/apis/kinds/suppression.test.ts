import { suppression } from '../../../src/apis/index.ts'
import { conforms } from './conforms.ts'

conforms(suppression, {
  find: (state) => state.smtp2go.scopes['']?.['suppressions']?.[0] ?? {},
  outside: {
    description: (row) => {
      row['block_description'] = 'No reason'
    },
  },
  broken: [
    {
      entry: { address: 'not an address' },
      call: { method: 'POST', path: '/suppression/add', body: { email_address: 'not an address' } },
    },
  ],
})
