import { formatAddress, qualify } from '../../model/address.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import { collectReferences } from '../../model/desired/references.ts'
import type { Spec } from '../../model/desired/spec.ts'
import { defined } from '../../model/json.ts'
import type { Problem } from '../../model/problem.ts'
import type { Change } from '../../model/run/change.ts'
import type { Addressed } from './match-address.ts'

/** An object as messages name it: with its scope. */
export function nameOf({ scope, address }: Addressed): string {
  return qualify(scope, address)
}

/** What a change cannot be made without, and that is left out. */
interface Cause {
  readonly needs: Change
  readonly why: string
}

/** Chosen changes that stand on something which is left out, with the cause of each. */
export function cascadeOf(all: readonly Change[], chosen: readonly Change[], spec: Spec): ReadonlyMap<Change, Cause> {
  const byName = new Map(all.map((change) => [nameOf(change), change]))
  const out = new Set(all)
  for (const change of chosen) out.delete(change)
  const named = new Map<DesiredObject | undefined, string[]>()
  for (const { from, kind, key } of spec.references) {
    const target = qualify(from.scope, formatAddress(kind, key))
    named.set(from, [...(named.get(from) ?? []), target])
  }
  const lost = new Map<Change, Cause>()
  const causeOf = (change: Change): Cause | undefined => {
    if (change.action === 'noop' || change.action === 'delete') return undefined
    const parent = { account: change.scope.account, subaccount: null }
    const targets = named.get(change.desired) ?? []
    const { inner } = change.kind.api
    const needed =
      change.scope.subaccount === null || inner === undefined
        ? targets
        : [qualify(parent, formatAddress(inner.kind, change.scope.subaccount)), ...targets]
    for (const name of needed) {
      const needs = byName.get(name)
      if (needs !== undefined && out.has(needs) && isNew(needs)) return { needs, why: 'needs' }
    }
    return undefined
  }
  for (let before = -1; before !== lost.size; ) {
    before = lost.size
    for (const change of chosen) {
      if (lost.has(change)) continue
      const cause = causeOf(change)
      if (cause === undefined) continue
      lost.set(change, cause)
      out.add(change)
    }
  }
  for (const [change, cause] of heldBy(chosen, out)) lost.set(change, cause)
  return lost
}

/** True for a change without which nothing can name the object: it is made, opened again, or gets its name. */
function isNew(change: Change): boolean {
  if (change.action === 'create') return true
  return change.action === 'update' && (change.live.dormant || change.live.key !== change.key)
}

/** Deletions of what is still referenced by an object whose change, which may let go of it, is left out. */
function heldBy(chosen: readonly Change[], out: ReadonlySet<Change>): ReadonlyMap<Change, Cause> {
  const deletes = new Map(
    chosen.flatMap((change): [string, Change][] => (change.action === 'delete' ? [[nameOf(change), change]] : [])),
  )
  const held = new Map<Change, Cause>()
  if (deletes.size === 0) return held
  for (const needs of out) {
    if (needs.action !== 'update' && needs.action !== 'delete') continue
    const { kind, scope, key, address, live } = needs
    const source = { file: '', document: 0, path: [] }
    const there: DesiredObject = {
      kind,
      scope,
      key,
      address,
      values: live.values,
      state: 'present',
      protect: false,
      source,
    }
    for (const reference of collectReferences([there])) {
      const gone = deletes.get(qualify(scope, formatAddress(reference.kind, reference.key)))
      if (gone !== undefined) held.set(gone, { needs, why: 'is still referenced by' })
    }
  }
  return held
}

/** One warning for each reason, with the chain that leads to what was left out. */
export function excludedToo(cascade: ReadonlyMap<Change, Cause>, isEmpty: boolean): Problem[] {
  const groups = new Map<string, Change[]>()
  for (const [change, cause] of cascade) {
    const chain = chainOf(cause, cascade)
    groups.set(chain, [...(groups.get(chain) ?? []), change])
  }
  const problems = [...groups].map(([chain, changes]): Problem => {
    const names = changes.slice(0, 5).map(nameOf).join(', ')
    const more = changes.length > 5 ? ` and ${changes.length - 5} more` : ''
    const [first] = changes
    const source = first?.desired?.source
    return {
      code: 'EXCLUDED_TOO',
      severity: isEmpty ? 'error' : 'warning',
      message: `${names}${more} ${chain}, which is left out, so nothing is done`,
      hint: 'select both, or apply what it needs first',
      ...defined({ source }),
    }
  })
  return problems
}

function chainOf({ needs, why }: Cause, cascade: ReadonlyMap<Change, Cause>): string {
  const further = cascade.get(needs)
  const end = further === undefined ? '' : `, which ${chainOf(further, cascade)}`
  return `${why} ${nameOf(needs)}${needs.action === 'create' ? ' (new)' : ''}${end}`
}
