import { qualify } from '../../model/address.ts'
import { isRecord } from '../../model/json.ts'
import type { Field, Fields, Values } from '../../model/kind/field.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import type { LedgerChange, LedgerEntry, RunAbout } from '../../model/ledger/record.ts'
import { recordable } from '../../model/ledger/recordable.ts'
import type { Change } from '../../model/run/change.ts'
import { memberText } from '../../model/value/member.ts'
import { sentSecrets } from '../../model/value/secrets.ts'
import { freshId, type JournalOptions, type LedgerJournal, runOf, writeRecord } from '../journal/write.ts'
import { applyChange } from '../record/change-effect.ts'
import { addressOf, fingerprinted, isRecordable, isSameObject } from '../record/entries.ts'
import type { Fingerprints } from '../record/fingerprint.ts'
import { refresh } from '../record/refresh.ts'

/** A declared object that is live. */
type LiveMatch = Change & { readonly action: 'noop' | 'update'; readonly live: LiveObject }

/**
 * Takes what is declared and live into the records, and calls no API. What is live counts as last applied, so a difference is an
 * edit of the spec; the secrets of the spec count as last sent, for nobody can look.
 */
export async function adoptAll(
  { changes, objects }: Parameters<LedgerJournal['begin']>[0],
  about: RunAbout,
  accounts: readonly string[],
  options: JournalOptions,
): Promise<Adopted> {
  const { kinds, live, now } = options
  const found = changes.filter(isThere).filter(isRecordable)
  const open = new Map(accounts.map((account) => [account, options.open(account)]))
  const id = freshId([...open.values()].map(({ record }) => record))
  const [added, known]: [string[], string[]] = [[], []]
  for (const [account, opened] of open) {
    const mine = found.filter(({ scope }) => scope.account === account)
    if (mine.length === 0) continue
    const entries = new Map(Object.entries(opened.record.entries))
    refresh(entries, { account, changes, objects, live, kinds })
    const taken: LedgerChange[] = []
    for (const change of mine) {
      const { kind, scope, key, address } = change
      const recorded = adopted(change, opened.prints)
      const prior = entries.get(addressOf({ subaccount: scope.subaccount, kind: kind.name, key }))
      const name = qualify(scope, address)
      if (prior !== undefined && isSameObject(kind, prior.id, change.live.id)) {
        entries.set(addressOf(recorded), {
          ...prior,
          ...(prior.origin === 'changed' ? { origin: 'adopted', run: id } : {}),
          ...(recorded.members === undefined ? {} : { members: joined(prior.members, recorded.members.added) }),
          secrets: renewed(prior, change, opened.prints),
        })
      } else applyChange(entries, recorded, { run: id, kind })
      if (prior?.origin === 'made' || prior?.origin === 'adopted') known.push(name)
      else {
        taken.push(recorded)
        added.push(name)
      }
    }
    const run = { ...runOf(id, about, now()), state: 'done' as const, endedAt: now().toISOString(), changes: taken }
    const history = taken.length === 0 ? opened.record.history : [...opened.record.history, run]
    options.wrote(account, await writeRecord(options, account, opened, { entries, history }))
  }
  return { added, known }
}

function joined(some: readonly string[] = [], others: readonly string[]): string[] {
  return [...new Set([...some, ...others])].sort()
}

/** Fingerprints that the credential at hand can compare stay, so that a changed secret is still sent; others are computed again. */
function renewed(
  prior: LedgerEntry,
  { kind, desired }: LiveMatch,
  prints: Fingerprints | undefined,
): Readonly<Record<string, string>> {
  const unknown = [...sentSecrets(kind.fields, desired.values)].filter(
    ([path, secret]) => prints?.matches(prior.secrets[path] ?? '', secret) === undefined,
  )
  return { ...prior.secrets, ...fingerprinted(new Map(unknown), prints) }
}

function isThere(change: Change): change is LiveMatch {
  if (change.action !== 'noop' && change.action !== 'update') return false
  return change.live !== undefined && !change.live.dormant && change.desired.state === 'present'
}

function adopted(
  { kind, scope, key, address, desired, live }: LiveMatch,
  prints: Fingerprints | undefined,
): LedgerChange {
  const after = asLive(kind.fields, recordable(kind.fields, desired.values), recordable(kind.fields, live.values))
  const secrets = sentSecrets(kind.fields, desired.values)
  const ours = membersOf({ kind, desired, live })
  return {
    address,
    subaccount: scope.subaccount,
    kind: kind.name,
    key,
    id: live.id,
    action: 'adopt',
    outcome: 'done',
    after: kind.key === '' || kind.singleton !== undefined ? after : { ...after, [kind.key]: key },
    ...(secrets.size === 0 ? {} : { secrets: fingerprinted(secrets, prints) }),
    ...(ours === undefined ? {} : { members: { added: ours, removed: [] } }),
  }
}

/** The managed fields as they are live; what the API does not show, as the spec says. */
function asLive(fields: Fields, desired: Values, live: Values): Values {
  return Object.fromEntries(
    Object.entries(desired).map(([name, value]) => [name, liveValue(fields[name], value, live[name])]),
  )
}

function liveValue(field: Field | undefined, value: unknown, now: unknown): unknown {
  if (field === undefined || now === undefined) return value
  if (field.type === 'object' && isRecord(value) && isRecord(now)) return asLive(field.fields, value, now)
  return now
}

/** The members that the spec names and that are there. */
function membersOf({ kind, desired, live }: Pick<LiveMatch, 'kind' | 'desired' | 'live'>): string[] | undefined {
  if (kind.members === undefined) return undefined
  const texts = (values: Values) => {
    const list = values[kind.members?.field ?? '']
    return (Array.isArray(list) ? list : []).map((item: unknown) => memberText(kind, item))
  }
  const there = new Set(texts(live.values))
  return texts(desired.values).filter((member) => there.has(member))
}

/** What `adopt` is about: the plan's changes and the spec's objects. */
export interface Adopted {
  /** The addresses, with their scopes, that are in the record now and were not. */
  readonly added: readonly string[]
  /** Those that were known already. */
  readonly known: readonly string[]
}
