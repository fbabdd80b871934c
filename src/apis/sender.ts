import type { CallEvent } from '../http/connection.ts'
import { defined } from '../model/json.ts'
import type { Secret } from '../model/secret.ts'
import type { LimitOptions, Login, TransportOptions } from '../model/transport.ts'
import { ApiError, type Send } from '../model/wire.ts'
import { backoffice } from './backoffice/client/client.ts'
import { smtp2go } from './smtp2go/client/client.ts'

/** One account with what is needed to reach it. */
export type AccountConnection = {
  readonly name: string
  readonly api: 'smtp2go' | 'backoffice'
  /** SMTP2GO: the base up to `/v3` (see `SMTP2GO_HOSTS`); Back Office: the origin. */
  readonly url: string
  readonly credential: Secret
  /** Where the credential of a Back Office is what a token is got with. */
  readonly login?: Login | undefined
  /** The URL of an HTTP proxy on the way there. */
  readonly proxy?: string
}

/** What happened so far; `calls` counts tries on the wire, so a repeated call counts each time. */
type Stats = {
  readonly calls: number
  readonly reads: number
  readonly writes: number
  /** Tries after the first. */
  readonly retries: number
  /** Tries that were answered with 429. */
  readonly limited: number
  /** Tries that got no answer. */
  readonly failures: number
}

/** How the engine reaches every account of a run. */
export type Sender = {
  readonly send: Send
  readonly stats: () => Stats
  /** Waits for the calls on the wire; a call that has not begun, or comes later, ends as `cancelled`. */
  readonly close: () => Promise<void>
}

/** Choices for all accounts of a sender; the limits hold for each of them. */
export type SenderOptions = TransportOptions & { readonly limits?: LimitOptions }

type Client = { readonly send: (...rest: TailOf<Send>) => Promise<unknown>; readonly close: () => Promise<void> }
type TailOf<F> = F extends (first: string, ...rest: infer Rest) => unknown ? Rest : never

function backofficeAccess(credential: Secret, login: Login | undefined) {
  if (login === undefined) return { token: credential }
  return login.by === 'refresh'
    ? { login: { refreshToken: credential } }
    : { login: { email: login.email, password: credential } }
}

/**
 * Sends calls by account name. A client is made at the first call of its account, so an account that is not used is
 * not checked. `send` answers `data` of SMTP2GO, or the JSON of the Back Office: null for no body, an array for a list.
 */
export function sender(accounts: readonly AccountConnection[], options: SenderOptions = {}): Sender {
  const known = new Map(accounts.map((account) => [account.name, account]))
  const clients = new Map<string, Client>()
  const counted = { calls: 0, reads: 0, writes: 0, retries: 0, limited: 0, failures: 0 }
  const hide = [...(options.hide ?? []), ...accounts.map((account) => account.credential)]
  let closed = false

  function onCall(event: CallEvent): void {
    counted.calls += 1
    counted[event.reads ? 'reads' : 'writes'] += 1
    if (event.attempt > 1) counted.retries += 1
    if (event.status === 429) counted.limited += 1
    if (event.failure !== undefined) counted.failures += 1
    options.onCall?.(event)
  }

  function clientOf({ name, api, url, credential, login, proxy }: AccountConnection): Client {
    const open = clients.get(name)
    if (open !== undefined) return open
    const common = { ...options, ...defined({ proxy }), onCall, hide, account: name, url }
    const made =
      api === 'smtp2go'
        ? smtp2go({ ...common, apiKey: credential })
        : backoffice({ ...common, ...backofficeAccess(credential, login) })
    clients.set(name, made)
    return made
  }

  return {
    async send(account, request, signal) {
      const { method, path } = request
      if (closed) throw new ApiError('the connection is closed', { kind: 'cancelled', account, method, path })
      const found = known.get(account)
      if (found === undefined) {
        throw new ApiError(`there is no account "${account}"`, { kind: 'auth', account, method, path })
      }
      return clientOf(found).send(request, signal)
    },
    stats: () => ({ ...counted }),
    async close() {
      closed = true
      await Promise.all([...clients.values()].map((client) => client.close()))
    },
  }
}
