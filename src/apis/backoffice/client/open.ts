import type { ClientOptions, OpenClient } from '../../../model/transport.ts'
import { backoffice } from './client.ts'

/** The client of a Back Office; `send` answers its JSON: null for no body, an array for a list. */
export const openBackoffice: OpenClient = ({ credential, login, ...options }) =>
  backoffice({ ...options, ...accessOf(credential, login) })

function accessOf(credential: ClientOptions['credential'], login: ClientOptions['login']) {
  if (login === undefined) return { token: credential }
  return login.by === 'refresh'
    ? { login: { refreshToken: credential } }
    : { login: { email: login.email, password: credential } }
}
