import { formatScope, qualify } from '../../model/address.ts'
import type { ScopeSpec, SectionSpec } from '../../model/desired/spec.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import type { Change } from '../../model/run/change.ts'
import { aboutOf, addressesOf, type DraftGate, namedList } from './draft-gate.ts'
import type { GateContext } from './gate.ts'
import { lastOneGates } from './last-one.ts'
import { allowed } from './limits.ts'

/** From this many objects that the ledger remembers, none at all is no drift any more. */
const REMEMBERED_FROM = 2

interface Here {
  readonly scope: ScopeSpec
  readonly section: SectionSpec
  readonly kind: ResourceKind
  readonly there: readonly LiveObject[]
  readonly changes: readonly Change[]
  /** True if the spec names an object that is to be there. */
  readonly hasPresent: boolean
  readonly context: GateContext
}

/** The gates that look at a collection as a whole: how much of it goes, whether it is empty, whether mail still flows. */
export function collectionGates(changes: readonly Change[], context: GateContext): DraftGate[] {
  const byCollection = byCollectionOf(changes)
  const present = new Set(
    context.spec.objects.filter((one) => one.state === 'present').map((one) => qualify(one.scope, one.kind.name)),
  )
  const each = context.spec.scopes.flatMap((scope) => {
    const live = context.live.get(formatScope(scope.scope))
    return [...scope.sections.values()].flatMap((section) => {
      const { kind } = section
      const collection = live?.collections.get(kind.name)
      const name = qualify(scope.scope, kind.name)
      const here = byCollection.get(name)
      if (collection?.known !== true || here === undefined) return []
      if (kind.members !== undefined) return here.flatMap((change) => memberGates(change, scope, section))
      const there = collection.objects.filter((one) => !one.dormant)
      const all = { scope, section, kind, there, changes: here, hasPresent: present.has(name), context }
      const empty = emptyGates(all)
      const last = empty.some((gate) => gate.final) ? [] : lastOneGates(here, there, section) // one refusal is enough
      return [...empty, ...vanishedGates(all), ...lostGates(all), ...shareGates(all), ...last]
    })
  })
  return [...each, ...totalGates(changes, context)]
}

/** So many deletions in all are never too many, however small the collections are. */
const FEW = 10

/** Many collections may each stay within their own limit: so there is one for an account, and one for the run. */
function totalGates(changes: readonly Change[], { spec, live }: GateContext): DraftGate[] {
  const gone = changes.filter((change) => removedBy(change) > 0)
  const accounts = [...new Set(gone.map(({ scope }) => scope.account))]
  const sizeOf = (names: readonly string[]) =>
    spec.scopes
      .filter(({ scope }) => names.includes(scope.account))
      .reduce((sum, scope) => sum + sizeIn(scope, live), 0)
  const gate = (where: string, names: readonly string[]): DraftGate[] => {
    const here = gone.filter(({ scope }) => names.includes(scope.account))
    const collections = new Set(here.map((change) => qualify(change.scope, change.kind.name)))
    const [count, size] = [here.reduce((sum, change) => sum + removedBy(change), 0), sizeOf(names)]
    const may = Math.max(FEW, allowed('deletes', size))
    if (collections.size < 2 || count <= may) return []
    const reason = `${count} of ${size} objects ${where} would be deleted, in ${collections.size} collections, and at most ${may} may be in total: ${namedList(here)}`
    return [{ code: 'MANY_DELETES', reason, addresses: addressesOf(here), about: `total ${where}` }]
  }
  const each = accounts.flatMap((name) => gate(`in "${name}"`, [name]))
  return each.length > 0 || accounts.length < 2 ? each : gate('in all accounts', accounts)
}

function removedBy(change: Change): number {
  if (change.action === 'delete') return 1
  return change.action === 'update' ? (change.members?.removed.length ?? 0) : 0
}

/** How many objects and entries of lists are live in the sections of a scope. */
function sizeIn({ scope, sections }: ScopeSpec, live: GateContext['live']): number {
  const collections = live.get(formatScope(scope))?.collections
  return [...sections.values()].reduce((sum, { kind }) => {
    const collection = collections?.get(kind.name)
    if (collection?.known !== true) return sum
    const list = kind.members?.field
    if (list === undefined) return sum + collection.objects.filter((one) => !one.dormant).length
    return collection.objects.reduce((count, { values }) => {
      const entries = values[list]
      return count + (Array.isArray(entries) ? entries.length : 0)
    }, sum)
  }, 0)
}

/** Changes by their collection: `main:smtpUsers`. */
function byCollectionOf(changes: readonly Change[]): ReadonlyMap<string, readonly Change[]> {
  const groups = new Map<string, Change[]>()
  for (const change of changes) {
    const name = qualify(change.scope, change.kind.name)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [change])
    else group.push(change)
  }
  return groups
}

/** An object that shows a secret only once, was made before and is not listed: making it again overwrites its only copy. */
function vanishedGates({ kind, scope, changes, context }: Here): DraftGate[] {
  if (kind.oneTimeSecret === undefined) return []
  return changes
    .filter((change) => change.action === 'create' && context.memory?.entry(scope.scope, kind.name, change.key))
    .map((change) => ({
      code: 'SECRET_REPLACED',
      reason: `${qualify(change.scope, change.address)} was created before and is no longer listed: a new one would be created, and its secret would overwrite the old one`,
      addresses: addressesOf([change]),
      about: aboutOf([change]),
    }))
}

/** An object whose secret was shown once, to a run that died before it was saved: nobody has it, and nothing would ever say so again. */
function lostGates({ kind, scope, changes, context }: Here): DraftGate[] {
  if (kind.oneTimeSecret === undefined) return []
  return changes.flatMap((change): DraftGate[] => {
    if (change.action !== 'noop' && change.action !== 'update') return []
    const entry = context.memory?.entry(scope.scope, kind.name, change.key)
    if (entry?.lost !== true || change.live === undefined) return []
    if (context.savedSecret?.(change.desired)?.reveal().startsWith(change.live.id) === true) return []
    return [
      {
        code: 'SECRET_LOST',
        reason: `${qualify(change.scope, change.address)} was created, but its secret was never delivered: remove it in the console and apply again`,
        addresses: addressesOf([change]),
        about: aboutOf([change]),
      },
    ]
  })
}

/** Empty where it was not before: the section in the spec, or the collection in the API. */
function emptyGates({ scope, section, kind, there, changes, hasPresent, context }: Here): DraftGate[] {
  const name = formatScope(scope.scope)
  const silent = changes.filter((change) => change.action === 'delete' && change.desired === undefined)
  if (silent.length > 0 && !hasPresent && !section.allowEmpty)
    return [
      {
        code: 'EMPTY_COLLECTION',
        reason: `${kind.name} in "${name}" would be empty: ${silent.length === there.length ? `all ${there.length}` : `${silent.length} of ${there.length}`} live objects would go (${namedList(silent)}); say "allowEmpty: true" under manage if that is meant`,
        addresses: addressesOf(silent),
        about: aboutOf(silent),
        final: true,
      },
    ]
  const remembered = context.memory?.entries(scope.scope, kind.name) ?? []
  const made = changes.filter((change) => change.action === 'create')
  if (there.length > 0 || made.length === 0 || remembered.length < REMEMBERED_FROM) return []
  return [
    {
      code: 'EMPTY_LIVE',
      reason: `the API shows no ${kind.name} in "${name}", where the ledger remembers ${remembered.length}; is it the right account? ${made.length} would be created: ${namedList(made)}`,
      addresses: addressesOf(made),
      about: aboutOf(made),
    },
  ]
}

function shareGates({ scope, kind, there, changes }: Here): DraftGate[] {
  const where = `${kind.name} in "${formatScope(scope.scope)}"`
  const gate = (what: 'deletes' | 'updates', code: string, verb: string): DraftGate[] => {
    const action = what === 'deletes' ? 'delete' : 'update'
    const found = changes.filter((change) => change.action === action)
    const may = allowed(what, there.length, scope.safety)
    if (found.length <= may) return []
    const reason = `${found.length} of ${there.length} ${where} would be ${verb}, and at most ${may} may be: ${namedList(found)}`
    return [{ code, reason, addresses: addressesOf(found), about: aboutOf(found) }]
  }
  return [...gate('deletes', 'MANY_DELETES', 'deleted'), ...gate('updates', 'MANY_UPDATES', 'updated')]
}

function memberGates(change: Change, scope: ScopeSpec, section: SectionSpec): DraftGate[] {
  if (change.action !== 'update' || change.members === undefined || change.kind.members === undefined) return []
  const before = change.live.values[change.kind.members.field]
  const [size, gone] = [Array.isArray(before) ? before.length : 0, change.members.removed.length]
  const address = qualify(change.scope, change.address)
  const wanted = change.desired.values[change.kind.members.field]
  if (gone > 0 && Array.isArray(wanted) && wanted.length === 0 && !section.allowEmpty) {
    const reason = `${address} would be empty: ${gone} of ${size} entries would be removed; set "allowEmpty: true" under manage if this is intended`
    return [{ code: 'EMPTY_COLLECTION', reason, addresses: [address], about: aboutOf([change]), final: true }]
  }
  const may = allowed('deletes', size, scope.safety)
  if (gone <= may) return []
  const reason = `${gone} of ${size} entries of ${address} would be removed, and at most ${may} may be`
  return [{ code: 'MANY_DELETES', reason, addresses: [address], about: aboutOf([change]) }]
}
