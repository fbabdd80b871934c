import type { Domain, Sender } from '../state/entities.ts'
import type { Scope } from '../state/scope.ts'
import type { Context } from '../state/world.ts'

/** Somebody who may hand in mail, and for which account. */
export interface Sending {
  readonly scope: Scope
  readonly channel: 'smtp' | 'api' | 'ip'
  /** The SMTP user, the first 16 characters of an API key, or the address. */
  readonly name: string
  readonly settings: Sender
  /** Where the client is. */
  readonly ip: string
}

/** The SMTP user of that name and password, in whichever account it is. */
export function byPassword({ world }: Context, username: string, password: string): { scope: Scope } | undefined {
  for (const scope of world.scopes.values()) {
    const user = scope.smtpUsers.get(username)
    if (user !== undefined && user.email_password !== '' && user.email_password === password) return { scope }
  }
  return undefined
}

/** Who sends over SMTP: a user who has signed in, or an address that needs no login; undefined for a stranger. */
export function sendingOf(context: Context, login: string | undefined, clientIp: string): Sending | undefined {
  const ip = (context.settings.clientAddress ?? clientIp).replace(/^::ffff:(?=\d+\.)/, '')
  for (const scope of context.world.scopes.values()) {
    if (login === undefined) {
      const settings = scope.ipAuth.get(ip)
      if (settings !== undefined) return { scope, channel: 'ip', name: ip, settings, ip }
      continue
    }
    const settings = scope.smtpUsers.get(login)
    if (settings !== undefined) return { scope, channel: 'smtp', name: login, settings, ip }
  }
  return undefined
}

/** The domains that count for an account: its own, and those that the master account lends it. */
export function domainsOf({ world }: Context, scope: Scope): Domain[] {
  const own = [...scope.domains.values()]
  if (scope.id === '') return own
  const master = [...(world.scopes.get('')?.domains.values() ?? [])]
  return [...own, ...master.filter(({ subaccount_access }) => subaccount_access.subaccounts.includes(scope.id))]
}
