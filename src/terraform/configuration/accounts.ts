import { setTimeout as sleep } from 'node:timers/promises'
import { type AccountConnection, type Sender, sender } from '../../apis/sender.ts'
import { listAll } from '../../engine/wire/list.ts'
import { proxyFor } from '../../http/proxy.ts'
import { qualify, type Scope } from '../../model/address.ts'
import { type ApiDefinition, type ApiPlace, apisOf } from '../../model/kind/api.ts'
import { makesScopes, type ResourceKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import { Secret } from '../../model/secret.ts'
import { ApiError } from '../../model/wire.ts'
import { isMap } from '../attributes/values.ts'
import type { Diagnostic, Value, ValueMap } from '../protocol/plugin.ts'
import { type BlockArgument, blockOf, credentialArgument, neededOf } from './block.ts'

/** A list that is shared by all who ask; one that has not begun yet will show whatever was written until then. */
interface SharedList {
  readonly objects: Promise<Listed>
  began: boolean
}

/** What a list shows, and the same by key. */
interface Listed {
  readonly all: readonly LiveObject[]
  readonly byKey: ReadonlyMap<string, readonly LiveObject[]>
}

/** Milliseconds to wait for others before a list is read back. */
const GATHER = 40

/** One provider configuration: its accounts, and every list read once for all resources that ask. */
export interface ProviderAccounts {
  readonly send: Sender['send']
  scopeOf(kind: ResourceKind, subaccount: string | null): Scope
  /** The live object of this key; lists are shared by all that ask before anything is written. */
  find(kind: ResourceKind, scope: Scope, key: string): Promise<LiveObject | undefined>
  /** All live objects of a kind in a scope, details included. */
  all(kind: ResourceKind, scope: Scope): Promise<readonly LiveObject[]>
  /** Forgets what was read of a kind in a scope: the next request reads again, and all requests meanwhile share that read. */
  forget(kind: ResourceKind, scope: Scope): void
  /** The id of the account inside the account; null for the account. Throws `ApiError` if there is no such subaccount. */
  scopeId(scope: Scope): Promise<string | null>
  readonly signal: AbortSignal
  close(): Promise<void>
}

/** Opens the accounts of a provider configuration; values that are missing come from the environment. */
export function openAccounts(
  config: ValueMap,
  env: Readonly<Record<string, string | undefined>>,
  kinds: readonly ResourceKind[],
  options: { readonly userAgent: string; readonly signal: AbortSignal },
): { readonly accounts: ProviderAccounts; readonly diagnostics: readonly Diagnostic[] } {
  const apis = apisOf(kinds)
  const { connections, diagnostics } = connectionsOf(apis, config, env)
  const proxied = connections.map((one) => {
    const proxy = proxyFor(one.url, env)
    return proxy === undefined ? one : { ...one, proxy }
  })
  const wire = sender(proxied, { userAgent: options.userAgent })
  const lists = new Map<string, SharedList>()
  let written = false

  const send: Sender['send'] = async (account, request, signal) => {
    if (connections.some((one) => one.name === account)) return await wire.send(account, request, signal)
    const api = apis.find((one) => one.account === account)
    const { method, path } = request
    const needed = api === undefined ? undefined : neededOf(api)
    const hint = needed === undefined ? undefined : `set ${needed.block} or ${needed.env}`
    throw new ApiError(`the provider has no ${api?.name ?? account} account`, {
      kind: 'auth',
      account,
      method,
      path,
      hint,
    })
  }

  const scopeId = async (scope: Scope): Promise<string | null> => {
    const kind = kinds.find((one) => makesScopes(one) && one.api.account === scope.account)
    if (scope.subaccount === null || kind === undefined) return null
    const parent = await find(kind, { ...scope, subaccount: null }, scope.subaccount)
    if (parent !== undefined) return parent.id
    throw new ApiError(`there is no subaccount "${scope.subaccount}"`, {
      kind: 'missing',
      account: scope.account,
      method: kind.calls.list.method,
      path: kind.calls.list.path,
    })
  }

  const read = async (kind: ResourceKind, scope: Scope, instance: string, details: ReadonlySet<string> | 'all') => {
    const instances = kind.singleton === undefined || kind.singleton === 'one' ? [] : [instance]
    return await listAll({
      kind,
      scope,
      scopeId: await scopeId(scope),
      instances,
      details,
      send,
      signal: options.signal,
    })
  }

  const list = (kind: ResourceKind, scope: Scope, instance: string): Promise<Listed> => {
    const id = `${qualify(scope, kind.name)}/${kind.singleton === undefined ? '' : instance}`
    const known = lists.get(id)
    if (known !== undefined) return known.objects
    const waits = written
    const shared: SharedList = { objects: start(), began: !waits }
    lists.set(id, shared)
    shared.objects.catch(() => lists.delete(id))
    return shared.objects

    async function start(): Promise<Listed> {
      if (waits) {
        await sleep(GATHER) // others who write at the same time read back with the same list
        shared.began = true
      }
      const all = await read(kind, scope, instance, new Set())
      return { all, byKey: byKey(all) }
    }
  }

  const find = async (kind: ResourceKind, scope: Scope, key: string): Promise<LiveObject | undefined> => {
    const named = (await list(kind, scope, key)).byKey.get(key) ?? []
    const open = named.filter(({ dormant }) => !dormant)
    const same = open.length > 0 ? open : named // a closed subaccount stays listed under its name for ever
    if (same.length > 1)
      throw new ApiError(`${same.length} ${kind.name} have the ${kind.key} "${key}"`, {
        kind: 'refused',
        account: scope.account,
        method: kind.calls.list.method,
        path: kind.calls.list.path,
        hint: `change the ${kind.key} of all but one of them in the console`,
      })
    const [one] = same
    if (one === undefined || kind.calls.view === undefined) return one
    const { withDetails } = await import('../../engine/wire/list.ts')
    const listing = {
      kind,
      scope,
      scopeId: await scopeId(scope),
      instances: [],
      details: new Set([key]),
      send,
      signal: options.signal,
    }
    return await withDetails(listing, one)
  }

  const accounts: ProviderAccounts = {
    send,
    scopeOf: (kind, subaccount) => ({ account: kind.api.account, subaccount }),
    find,
    all: async (kind, scope) => {
      const names = kind.singleton === undefined || kind.singleton === 'one' ? [''] : kind.singleton
      if (kind.calls.view !== undefined) return await read(kind, scope, '', 'all')
      return (await Promise.all(names.map((name) => list(kind, scope, name)))).flatMap(({ all }) => all)
    },
    forget: (kind, scope) => {
      const prefix = `${qualify(scope, kind.name)}/`
      written = true
      for (const [id, { began }] of lists) if (began && id.startsWith(prefix)) lists.delete(id)
    },
    scopeId,
    signal: options.signal,
    close: () => wire.close(),
  }
  return { accounts, diagnostics }
}

function byKey(objects: readonly LiveObject[]): ReadonlyMap<string, readonly LiveObject[]> {
  const found = new Map<string, LiveObject[]>()
  for (const one of objects) {
    const same = found.get(one.key)
    if (same === undefined) found.set(one.key, [one])
    else same.push(one)
  }
  return found
}

function connectionsOf(
  apis: readonly ApiDefinition[],
  config: ValueMap,
  env: Readonly<Record<string, string | undefined>>,
) {
  const connections: AccountConnection[] = []
  const diagnostics: Diagnostic[] = []
  for (const api of apis) {
    const block = config[api.name]
    const given = isMap(block) ? block : {}
    const saidOf = ({ name, env: variable }: BlockArgument) => text(given[name]) ?? text(env[variable])
    const values = new Map(blockOf(api).map((argument) => [argument.name, saidOf(argument)]))
    const credential = values.get(credentialArgument(api)) ?? ''
    const url = values.get('url') ?? regionUrl(api.place, values.get('region'), [api.name, 'region'], diagnostics)
    if (url !== undefined && credential !== '')
      connections.push({
        ...{ name: api.account, api: api.name, url: url.replace(/\/+$/, '') },
        credential: new Secret(credential),
      })
  }
  return { connections, diagnostics }
}

/** The base of a region; undefined, with a diagnostic, for a region that does not exist. */
function regionUrl(
  { regions, ...place }: ApiPlace,
  given: string | undefined,
  path: readonly string[],
  diagnostics: Diagnostic[],
): string | undefined {
  if (regions === undefined) return undefined
  const region = given ?? ('usual' in place ? place.usual : '')
  if (Object.hasOwn(regions, region)) return regions[region]
  const names = Object.keys(regions).join(', ')
  diagnostics.push(problem(path, `There is no region "${region}"`, `Regions: ${names}.`))
  return undefined
}

function text(value: Value | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function problem(path: readonly string[], summary: string, detail: string): Diagnostic {
  return { severity: 'error', summary, detail, path }
}
