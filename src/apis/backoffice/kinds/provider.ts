import { listGet, patch, post, remove } from '../../../model/kind/call.ts'
import { boolean, integer, oneOf, secret, string } from '../../../model/kind/field.ts'
import { defineKind } from '../../../model/kind/kind.ts'
import { backofficeApi } from '../api.ts'

/** An SMTP server through which the Back Office sends. */
export const provider = defineKind({
  name: 'providers',
  api: backofficeApi,
  title: 'SMTP provider',
  resource: 'smtp_provider',
  doc: 'An SMTP server through which the Back Office sends its mail.',
  notes: [
    'The password is never read back. It is sent when a provider is made, and again whenever its host, port, username or encryption changes.',
    'The only provider there is cannot be disabled; at least one should stay enabled.',
    'Captions need not be unique in the API, nor be there at all: an entry names such a provider by its `id`.',
  ],
  key: 'caption',
  id: 'id',
  scope: 'account',
  twins: { beside: 'host' },
  fields: {
    id: integer('Given by the API.', { computed: true, stable: true }),
    caption: string('Its name.', { required: true, minLength: 1 }),
    driver: oneOf('How mail is sent.', ['smtp'], { default: 'smtp', sendDefault: true }),
    host: string('The SMTP server.', {
      required: true,
      format: 'hostname',
      risky: [{ when: 'changed', level: 'medium', why: 'mail and the password go to another server' }],
    }),
    port: integer('Its port.', {
      required: true,
      min: 1,
      max: 65_535,
      risky: [{ when: 'changed', level: 'medium', why: 'mail and the password go to another port' }],
    }),
    username: string('The login.', {
      required: true,
      minLength: 1,
      risky: [{ when: 'changed', level: 'medium', why: 'the server has to accept the new login' }],
    }),
    password: secret('The password.', {
      required: 'create',
      writeOnly: true,
      resendWith: ['host', 'port', 'username', 'encryption'],
    }),
    sendFrom: string('The address that recipients see.', {
      required: true,
      format: 'email',
      risky: [{ when: 'changed', level: 'medium', why: 'mail comes from an address that the server may not allow' }],
    }),
    sendFromName: string('The name that recipients see.', { required: true, minLength: 1 }),
    encryption: oneOf('`ssl` from the first byte (port 465), `tls` by STARTTLS (port 587).', ['tls', 'ssl'], {
      required: true,
      caseless: true,
      risky: [
        { when: { becomes: 'tls' }, level: 'high', why: 'the connection starts in plain text instead of encrypted' },
        { when: { becomes: 'ssl' }, level: 'medium', why: 'the server has to use TLS from the first byte' },
      ],
    }),
    enabled: boolean('Whether mail goes through it.', {
      default: true,
      sendDefault: true,
      wire: 'isEnabled',
      wireAs: 'integer', // the only worked examples are 1; false can fail an integer rule
      keepOne: true,
      risky: [
        { when: 'off', level: 'high', why: 'no mail goes through it' },
        { when: 'on', level: 'medium', why: 'mail starts going through it' },
      ],
    }),
    createTime: string('When it was made.', { computed: true, stable: true }),
    updateTime: string('When it was last changed.', { computed: true }),
  },
  whenDeleted: 'no mail goes through it, and its password is gone',
  calls: {
    list: listGet('/api/v2/mail/providers', {
      page: { by: 'offset', size: 100 },
      decode: (row) => ({ ...row, id: row['id'] ?? row['providerId'] }),
    }),
    create: post('/api/v2/mail/providers'),
    update: patch('/api/v2/mail/providers/{id}', { renames: 'caption' }),
    delete: remove('/api/v2/mail/providers/{id}'),
  },
  example: {
    caption: 'Primary relay',
    driver: 'smtp',
    host: 'smtp.example.com',
    port: 587,
    username: 'relay',
    password: '${env:RELAY_PASSWORD}',
    sendFrom: 'noreply@example.com',
    sendFromName: 'Example Ltd',
    encryption: 'tls',
    enabled: true,
  },
  check(entry) {
    const usual: Readonly<Record<string, string>> = { 'ssl 25': 'tls', 'ssl 587': 'tls', 'tls 465': 'ssl' }
    const better = usual[`${String(entry['encryption'])} ${String(entry['port'])}`]
    if (better === undefined) return []
    return [
      {
        code: 'ODD_PORT',
        severity: 'warning',
        message: `port ${String(entry['port'])} usually speaks "${better}", not "${String(entry['encryption'])}"`,
        hint: 'port 465 is encrypted from the first byte (ssl), ports 25 and 587 by STARTTLS (tls)',
        path: ['encryption'],
      },
    ]
  },
})
