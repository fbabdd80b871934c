import { apiKey } from '../../../src/apis/index.ts'
import { conforms } from './conforms.ts'
import { sendingEdits } from './sending-edits.ts'

conforms(apiKey, {
  find: (state) => state.smtp2go.keys.find((row) => row['description'] === 'Billing service') ?? {},
  outside: {
    ...Object.fromEntries(Object.entries(sendingEdits).filter(([name]) => name !== 'description')),
    endpoints: (row) => {
      row['endpoints'] = ['/email/send']
    },
  },
  broken: [
    {
      entry: { endpoints: 'all' },
      call: { method: 'POST', path: '/api_keys/add', body: { description: 'x', endpoints: 'all' } },
    },
    { entry: { status: 'asleep' }, call: { method: 'POST', path: '/api_keys/add', body: { status: 'asleep' } } },
  ],
})
