import { smtpUser } from '../../../src/apis/index.ts'
import { conforms } from './conforms.ts'
import { sendingEdits } from './sending-edits.ts'

conforms(smtpUser, {
  find: (state) => state.smtp2go.scopes['']?.['smtpUsers']?.find((row) => row['username'] === 'billing-app') ?? {},
  outside: sendingEdits,
  broken: [
    {
      entry: { username: 'abc' },
      call: {
        method: 'POST',
        path: '/users/smtp/add',
        body: { username: 'abc', email_password: 'Str0ng-Passw0rd!xyz' },
      },
    },
    {
      entry: { status: 'asleep' },
      call: { method: 'POST', path: '/users/smtp/add', body: { username: 'some-user', status: 'asleep' } },
    },
    {
      entry: { rateLimit: { messages: 5, per: 'a while' } },
      call: {
        method: 'POST',
        path: '/users/smtp/add',
        body: {
          username: 'some-user',
          custom_ratelimit: true,
          custom_ratelimit_value: 5,
          custom_ratelimit_period: 'a while',
        },
      },
    },
  ],
})
