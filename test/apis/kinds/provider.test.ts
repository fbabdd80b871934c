import { provider } from '../../../src/apis/index.ts'
import { conforms } from './conforms.ts'

const edit = (name: string, value: unknown) => (row: Record<string, unknown>) => {
  row[name] = value
}
const body = {
  driver: 'smtp',
  host: 'smtp.example.com',
  port: 587,
  username: 'relay',
  password: 'x',
  sendFrom: 'noreply@example.com',
  sendFromName: 'Example',
  encryption: 'tls',
  isEnabled: 1,
}
const other = { ...body, caption: 'Another one' }

conforms(provider, {
  seed: { backoffice: { providers: [{ ...other, id: 900, isEnabled: true }] } },
  find: (state) => state.backoffice.providers.find((row) => row['caption'] === 'Primary relay') ?? {},
  outside: {
    driver: edit('driver', 'sendmail'),
    host: edit('host', 'elsewhere.example.com'),
    port: edit('port', 2525),
    username: edit('username', 'somebody'),
    sendFrom: edit('sendFrom', 'other@example.com'),
    sendFromName: edit('sendFromName', 'Somebody'),
    encryption: edit('encryption', 'ssl'),
    enabled: edit('isEnabled', false),
  },
  broken: [
    {
      entry: { port: 70_000 },
      call: { method: 'POST', path: '/api/v2/mail/providers', body: { ...body, port: 70_000 } },
    },
    {
      entry: { encryption: 'none' },
      call: { method: 'POST', path: '/api/v2/mail/providers', body: { ...body, encryption: 'none' } },
    },
    { entry: { host: 7 }, call: { method: 'POST', path: '/api/v2/mail/providers', body: { ...body, host: '' } } },
  ],
})
