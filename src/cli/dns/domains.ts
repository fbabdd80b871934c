import { kinds } from '../../apis/index.ts'
import { senderDomain } from '../../apis/smtp2go/kinds/sender-domain.ts'
import { singleSender } from '../../apis/smtp2go/kinds/single-sender.ts'
import { addressMatches } from '../../engine/plan/match-address.ts'
import { read } from '../../engine/read/read.ts'
import { everything } from '../../engine/read/wanted.ts'
import { formatAddress, formatScope, type Scope } from '../../model/address.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import type { Account, Loaded, Spec } from '../../model/desired/spec.ts'
import { defined } from '../../model/json.ts'
import type { Values } from '../../model/kind/field.ts'
import { type ResourceKind, scopeKind } from '../../model/kind/kind.ts'
import type { Live } from '../../model/run/live.ts'
import { canonicalDomain } from '../../model/value/formats.ts'
import { EXIT, Stop } from '../invocation/exit.ts'
import type { Invocation } from '../invocation/invocation.ts'
import { type Connection, connectTo } from '../session/connection.ts'
import { chosenAccounts, environmentAccounts, environmentWords } from '../session/environment.ts'
import { reportProblems } from '../session/problems.ts'
import { readSpec } from '../session/spec.ts'
import { unreadProblems } from '../session/unread.ts'

/** A sender of an account, and the entry that declares it. */
export interface FoundSender {
  readonly scope: Scope
  /** The domain, or the address of a single sender. */
  readonly key: string
  readonly values: Values
  readonly declared?: DesiredObject
  /** Of a single sender, the sender domain that it is in: a verified one signs its mail. */
  readonly within?: 'verified' | 'unverified'
}

/** The senders of the accounts of a command line. */
export interface FoundSenders {
  readonly domains: readonly FoundSender[]
  readonly singles: readonly FoundSender[]
  /** Domains that the spec declares and the account does not have yet. */
  readonly awaited: readonly { readonly scope: Scope; readonly domain: string }[]
  readonly connection: Connection
  /** The id of a subaccount; null for an account. */
  readonly idOf: (scope: Scope) => string | null
  /** The spec, where there is one. */
  readonly loaded?: Extract<Loaded, { readonly ok: true }>
}

/** Which senders a command is about. */
interface Wanted {
  /** Single senders as well. */
  readonly singles: boolean
}

/** Reads the senders of the spec's accounts, or of those that the environment names. The caller closes the connection. */
export async function openSenders(
  invocation: Invocation,
  wanted: Wanted,
): Promise<FoundSenders | { readonly code: number }> {
  const { io, options } = invocation
  const loaded = await readSpec(invocation)
  if (!loaded.ok && !loaded.problems.every(({ code }) => code === 'NO_SPEC')) {
    reportProblems(invocation, loaded.problems)
    return { code: EXIT.failed }
  }
  const spec = loaded.ok ? loaded.spec : undefined
  const all = spec === undefined ? environmentAccounts(io.env, options) : [...spec.accounts.values()]
  const accounts = chosenAccounts(all, options).filter(({ api }) => api === senderDomain.api.name)
  if (accounts.length === 0)
    throw new Stop('there is no account with sender domains', { hint: `declare one, or set ${environmentWords()}` })
  const scopes = scopesOf(accounts, spec)
  const connection = await connectTo(accounts, invocation, spec)
  try {
    const live = await read(collectionsOf(scopes, wanted), { kinds, send: connection.send, signal: io.signal })
    const unread = unreadIn(live, scopes)
    if (unread.length > 0) {
      reportProblems(invocation, unreadProblems(unread))
      await connection.close()
      return { code: EXIT.failed }
    }
    return {
      ...chosen(sendersIn(live, scopes, spec?.objects ?? []), invocation),
      connection,
      idOf: (scope) => live.get(formatScope(scope))?.id ?? null,
      ...(loaded.ok ? { loaded } : {}),
    }
  } catch (error) {
    await connection.close()
    throw error
  }
}

/** Every scope of the accounts that the spec knows, the accounts themselves included. */
function scopesOf(accounts: readonly Account[], spec: Spec | undefined): Scope[] {
  return accounts.flatMap(({ name }) => [
    { account: name, subaccount: null },
    ...(spec?.scopes ?? []).flatMap(({ scope }) =>
      scope.account === name && scope.subaccount !== null ? [scope] : [],
    ),
  ])
}

/** The collections that hold the senders of scopes, and where their subaccounts are. */
export function collectionsOf(scopes: readonly Scope[], { singles }: Wanted) {
  const parent = scopeKind(kinds, senderDomain.api)
  const inside = new Set(scopes.flatMap(({ account, subaccount }) => (subaccount === null ? [] : [account])))
  return scopes.flatMap((scope) =>
    everything(
      [scope],
      [
        senderDomain,
        ...(singles ? [singleSender] : []),
        ...(parent !== undefined && scope.subaccount === null && inside.has(scope.account) ? [parent] : []),
      ],
    ),
  )
}

function unreadIn(live: Live, scopes: readonly Scope[]) {
  return scopes.flatMap((scope) =>
    [...(live.get(formatScope(scope))?.collections ?? [])].flatMap(([kind, one]) =>
      one.known ? [] : [{ scope, kind, error: one.error }],
    ),
  )
}

type Senders = Pick<FoundSenders, 'domains' | 'singles' | 'awaited'>

function sendersIn(live: Live, scopes: readonly Scope[], objects: readonly DesiredObject[]): Senders {
  const declared = new Map(objects.map((one) => [`${formatScope(one.scope)} ${one.address}`, one]))
  const foundIn = (kind: string) =>
    scopes.flatMap((scope) => {
      const collection = live.get(formatScope(scope))?.collections.get(kind)
      return (collection?.known === true ? collection.objects : []).map(({ key, values }): FoundSender => {
        const entry = declared.get(`${formatScope(scope)} ${formatAddress(kind, key)}`)
        const within = kind === singleSender.name ? domainAround(scope, domainOf(key), live) : undefined
        return {
          scope,
          key,
          values,
          ...defined({ within }),
          ...(entry?.state === 'present' ? { declared: entry } : {}),
        }
      })
    })
  const domains = foundIn(senderDomain.name)
  const known = new Set(domains.map(({ scope, key }) => `${formatScope(scope)} ${key}`))
  const read = new Set(scopes.map(formatScope))
  const awaited = objects.flatMap(({ kind, scope, key, state }) =>
    kind.name === senderDomain.name &&
    state === 'present' &&
    read.has(formatScope(scope)) &&
    !known.has(`${formatScope(scope)} ${key}`)
      ? [{ scope, domain: key }]
      : [],
  )
  return { domains, singles: foundIn(singleSender.name), awaited }
}

/** The sender domain of the scope, or of its account, that is this very domain. */
function domainAround(scope: Scope, domain: string, live: Live): FoundSender['within'] {
  const found = [formatScope(scope), scope.account].flatMap((name) => {
    const collection = live.get(name)?.collections.get(senderDomain.name)
    return collection?.known === true ? collection.objects.filter(({ key }) => key === domain) : []
  })
  if (found.length === 0) return undefined
  return found.some(({ values }) => isVerified(values)) ? 'verified' : 'unverified'
}

/** True for a domain that the service has verified; its tracking record does not count. */
export function isVerified(values: Values): boolean {
  return values['dkimVerified'] === true && values['returnPathVerified'] === true
}

/** What the command line names, by domain and by address; a domain that is nowhere is told. */
function chosen({ domains, singles, awaited }: Senders, { args, options }: Invocation): Senders {
  const names = args.map((text) => {
    const name = canonicalDomain(text)
    if (name === undefined) throw new Stop(`"${text}" is not a domain`)
    return name
  })
  const all = [...domains.map(({ key }) => key), ...awaited.map(({ domain }) => domain)]
  const mailboxes = singles.map(({ key }) => domainOf(key))
  const unknown = names.find((name) => !all.includes(name) && !mailboxes.includes(name))
  if (unknown !== undefined)
    throw new Stop(`no account has the sender domain "${unknown}"`, {
      hint: all.length === 0 ? 'there is no sender domain at all' : `there are: ${[...new Set(all)].join(', ')}`,
    })
  const isNamed = (domain: string) => names.length === 0 || names.includes(domain)
  const isMeant = (kind: ResourceKind, scope: Scope, key: string) => {
    const addressed = { scope, kind, address: formatAddress(kind.name, key) }
    const matches = (globs: readonly string[]) => globs.some((glob) => addressMatches(glob, addressed))
    return (options.only.length === 0 || matches(options.only)) && !matches(options.exclude)
  }
  return {
    domains: domains.filter(({ scope, key }) => isNamed(key) && isMeant(senderDomain, scope, key)),
    singles: singles.filter(({ scope, key }) => isNamed(domainOf(key)) && isMeant(singleSender, scope, key)),
    awaited: awaited.filter(({ scope, domain }) => isNamed(domain) && isMeant(senderDomain, scope, domain)),
  }
}

/** The domain of an address. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}
