import { defineApi } from '../../model/kind/api.ts'

/** A Back Office, `/api/v2/mail/providers`. */
export const backofficeApi = defineApi({
  name: 'backoffice',
  title: 'Back Office',
  account: 'office',
  credential: { field: 'token', env: 'BACKOFFICE_TOKEN' },
  place: { env: { url: 'BACKOFFICE_URL' } },
  words: {
    own: ['token', 'email', 'password', 'refreshToken'],
    summary: 'it has url, and token or email and password',
  },
  signsIn: true,
  names: 'camel',
  limits: [],
})
