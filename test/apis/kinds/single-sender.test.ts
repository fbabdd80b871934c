import { singleSender } from '../../../src/apis/index.ts'
import { conforms } from './conforms.ts'

conforms(singleSender, {
  find: (state) => state.smtp2go.scopes['']?.['singleSenders']?.[0] ?? {},
  outside: {},
  broken: [
    {
      entry: { email: 'nobody' },
      call: { method: 'POST', path: '/single_sender_emails/add', body: { email_address: 'nobody' } },
    },
  ],
})
