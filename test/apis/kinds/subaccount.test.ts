import { subaccount } from '../../../src/apis/index.ts'
import { conforms } from './conforms.ts'

conforms(subaccount, {
  find: (state) => state.smtp2go.subaccounts.find((row) => row['name'] === 'Acme') ?? {},
  outside: {
    limit: (row) => {
      row['plan_size'] = 500_000
    },
    dedicatedIp: (row) => {
      row['dedicated_ip'] = false
    },
  },
  broken: [
    {
      entry: { limit: 12_345 },
      call: { method: 'POST', path: '/subaccount/add', body: { fullname: 'X', limit: 12_345 } },
    },
    {
      entry: { limit: 10_000 },
      call: { method: 'POST', path: '/subaccount/add', body: { fullname: 'X', limit: 10_000, dedicated_ip: true } },
    },
  ],
})
