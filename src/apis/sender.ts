import { defined } from '../model/json.ts'
import type { Api, ApiDefinition } from '../model/kind/api.ts'
import { apiNamed } from '../model/kind/api.ts'
import type { Secret } from '../model/secret.ts'
import type { CallEvent, Client, LimitOptions, Login, TransportOptions } from '../model/transport.ts'
import { ApiError, type Send } from '../model/wire.ts'
import { apis as allApis } from './index.ts'

/** One account with what is needed to reach it. */
export type AccountConnection = {
  readonly name: string
  /** The name of one of the sender's APIs. */
  readonly api: Api
  /** The API's base: up to `/v3` for SMTP2GO (see `SMTP2GO_HOSTS`), the origin of a Back Office. */
  readonly url: string
  readonly credential: Secret
  /** Where the credential is what a token is got with. */
  readonly login?: Login | undefined
  /** The URL of an HTTP proxy on the way there. */
  readonly proxy?: string
}

/** What happened so far; `calls` counts tries on the wire, so a repeated call counts each time. */
export type CallStats = {
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
  readonly stats: () => CallStats
  /** Waits for the calls on the wire; a call that has not begun, or comes later, ends as `cancelled`. */
  readonly close: () => Promise<void>
}

/** Choices for all accounts of a sender; the limits hold for each of them. */
export type SenderOptions = TransportOptions & {
  readonly limits?: LimitOptions
  /** What accounts may be of; every API that mailconfig knows if left out. */
  readonly apis?: readonly ApiDefinition[]
}

/**
 * Sends calls by account name. A client is made at the first call of its account, so an account that is not used is
 * not checked. `send` answers what the client of the account's API answers: its data, out of the envelope.
 */
export function sender(accounts: readonly AccountConnection[], options: SenderOptions = {}): Sender {
  const { apis = allApis, ...transport } = options
  const known = new Map(accounts.map((account) => [account.name, account]))
  const clients = new Map<string, Promise<Client>>()
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

  async function open({ name, api, url, credential, login, proxy }: AccountConnection): Promise<Client> {
    const definition = apiNamed(apis, api)
    const openClient = await definition.client()
    const limits = { endpoints: definition.limits, ...transport.limits }
    return openClient({
      ...transport,
      limits,
      ...defined({ proxy }),
      onCall,
      hide,
      account: name,
      url,
      credential,
      login,
    })
  }

  function clientOf(account: AccountConnection): Promise<Client> {
    const known = clients.get(account.name)
    if (known !== undefined) return known
    const opened = open(account)
    clients.set(account.name, opened)
    return opened
  }

  return {
    async send(account, request, signal) {
      const { method, path } = request
      const about = { account, method, path }
      if (closed) throw new ApiError('the connection is closed', { ...about, kind: 'cancelled' })
      const found = known.get(account)
      if (found === undefined) throw new ApiError(`there is no account "${account}"`, { ...about, kind: 'auth' })
      return (await clientOf(found)).send(request, signal)
    },
    stats: () => ({ ...counted }),
    async close() {
      closed = true
      const opened = await Promise.allSettled(clients.values())
      await Promise.all(opened.map(async (one) => (one.status === 'fulfilled' ? await one.value.close() : undefined)))
    },
  }
}
