import { defineApi } from '../../model/kind/api.ts'

const PROVIDER_STATUS = { method: 'GET', path: '/api/v2/mail/providers/{id}/status' } as const

/** A Back Office, `/api/v2/mail/providers`. */
export const backofficeApi = defineApi({
  name: 'backoffice',
  title: 'Back Office',
  noun: 'a Back Office',
  doc: 'The Back Office.',
  account: 'office',
  credential: {
    field: 'token',
    noun: 'token',
    title: 'bearer token',
    doc: 'The Back Office bearer token; or `email` and `password`, or `refreshToken`.',
    env: 'BACKOFFICE_TOKEN',
  },
  place: { example: 'https://backoffice.example.com', env: { url: 'BACKOFFICE_URL' } },
  signsIn: true,
  names: 'camel',
  paging: { offset: { size: 'limit', offset: 'offset' } },
  limits: [],
  mail: {
    relay: {
      kind: 'providers',
      secret: 'password',
      server: { host: 'host', port: 'port', encryption: 'encryption', user: 'username' },
    },
  },
  check: { each: { kind: 'providers', call: PROVIDER_STATUS, timeoutMs: 60_000 } },
  client: async () => (await import('./client/open.ts')).openBackoffice,
})
