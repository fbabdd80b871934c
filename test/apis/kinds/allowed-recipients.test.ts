import { allowedRecipients } from '../../../src/apis/index.ts'
import { conforms } from './conforms.ts'

conforms(allowedRecipients, {
  find: (state) => state.smtp2go.scopes['']?.['allowedRecipients'] ?? {},
  outside: {
    enabled: (row) => {
      row['enabled'] = false
    },
    entries: (row) => {
      row['entries'] = ['partner@example.net']
    },
  },
  broken: [
    {
      entry: { enabled: 'often' },
      call: { method: 'POST', path: '/allowed_recipients/update', body: { allowed_recipients: [], enabled: 'often' } },
    },
  ],
})
