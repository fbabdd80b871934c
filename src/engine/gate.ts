import { createHash } from 'node:crypto'
import { formatAddress, formatScope, qualify } from '../model/address.ts'
import type { Change } from '../model/change.ts'
import type { LiveObject, Surroundings } from '../model/kind.ts'
import type { Live } from '../model/live.ts'
import type { ScopeSpec, Spec } from '../model/spec.ts'
import { turnsOff } from './order.ts'

/** Something that is not done without somebody's explicit word, bound to this very plan. */
export interface Gate {
  /** `G1`, `G2` … in the order of the plan. */
  readonly number: string
  readonly code: string
  readonly reason: string
  readonly addresses: readonly string[]
  /** What `--accept` has to say: `G1:3f9c`. Missing for what nobody may accept. */
  readonly token?: string
  readonly accepted: boolean
}

/** What the gates look at beside the changes. */
export interface GateContext {
  readonly spec: Spec
  readonly live: Live
  readonly accept: readonly string[]
  readonly runnerAddresses: readonly string[]
  readonly usesCredential: (account: string, text: string) => boolean
}

type Raw = Omit<Gate, 'number' | 'token' | 'accepted'> & { readonly final?: true }

/** The share of a collection that may be deleted without a word, by its size. */
export function allowedDeletes(size: number): number {
  if (size < 5) return size
  const share = size <= 20 ? 0.5 : size <= 200 ? 0.2 : size <= 2000 ? 0.05 : 0.01
  return Math.floor(size * share)
}

/** All gates of a plan, each with its number and its token. */
export function gatesOf(changes: readonly Change[], context: GateContext): readonly Gate[] {
  const raw = [
    ...context.spec.scopes.flatMap((scope) => collectionGates(scope, changes, context)),
    ...grouped(changes.flatMap((change) => dangerGates(change, context))),
  ]
  const plan = createHash('sha256').update(context.spec.hash).update(fingerprint(changes)).digest('hex')
  return raw.map(({ final, ...gate }, at) => {
    const number = `G${at + 1}`
    if (final === true) return { ...gate, number, accepted: false }
    const hash = createHash('sha256').update(`${plan}${gate.code}${gate.addresses.join()}`).digest('hex').slice(0, 4)
    const token = `${number}:${hash}`
    return { ...gate, number, token, accepted: context.accept.includes(token) }
  })
}

/** A text that is the same for the same changes, whatever their order. */
export function fingerprint(changes: readonly Change[]): string {
  return changes
    .filter((change) => change.action !== 'noop')
    .map((change) => `${change.action} ${qualify(change.scope, change.address)} ${JSON.stringify(change.fields)}`)
    .sort()
    .join('\n')
}

function collectionGates(scope: ScopeSpec, changes: readonly Change[], { live }: GateContext): Raw[] {
  const name = formatScope(scope.scope)
  return [...scope.sections.values()].flatMap((section) => {
    const { kind } = section
    const collection = live.get(name)?.collections.get(kind.name)
    if (collection?.known !== true) return []
    const here = changes.filter((change) => change.kind === kind && formatScope(change.scope) === name)
    if (kind.members !== undefined) return here.flatMap(memberGates)
    const there = collection.objects.filter((one) => !one.dormant)
    const deletes = here.filter((change) => change.action === 'delete')
    const silent = deletes.filter((change) => change.desired === undefined)
    const updates = here.filter((change) => change.action === 'update')
    const built = here.filter((change) => change.action === 'create')
    const gates: Raw[] = []
    if (silent.length > 0 && deletes.length === there.length && built.length === 0 && !section.allowEmpty)
      gates.push({
        code: 'EMPTY_COLLECTION',
        reason: `${kind.name} in "${name}" would be empty: all ${there.length} live objects would go; say "allowEmpty: true" under manage if that is meant`,
        addresses: deletes.map((change) => qualify(change.scope, change.address)),
        final: true,
      })
    const allowed = allowedDeletes(there.length)
    if (deletes.length > allowed)
      gates.push({
        code: 'MANY_DELETES',
        reason: `${deletes.length} of ${there.length} ${kind.name} in "${name}" would be deleted, and ${allowed} may be`,
        addresses: deletes.map((change) => qualify(change.scope, change.address)),
      })
    if (there.length > 10 && updates.length > there.length / 2)
      gates.push({
        code: 'MANY_UPDATES',
        reason: `${updates.length} of ${there.length} ${kind.name} in "${name}" would be updated: more than half`,
        addresses: updates.map((change) => qualify(change.scope, change.address)),
      })
    return [...gates, ...keepOneGates(here, there)]
  })
}

function memberGates(change: Change): Raw[] {
  if (change.action !== 'update' || change.members === undefined || change.kind.members === undefined) return []
  const before = change.live.values[change.kind.members.field]
  const [size, gone] = [Array.isArray(before) ? before.length : 0, change.members.removed.length]
  const allowed = allowedDeletes(size)
  const address = qualify(change.scope, change.address)
  if (gone <= allowed) return []
  const reason = `${gone} of ${size} entries of ${address} would be removed, and ${allowed} may be`
  return [{ code: 'MANY_DELETES', reason, addresses: [address] }]
}

/** The last object that has what one of them must have. */
function keepOneGates(changes: readonly Change[], there: readonly LiveObject[]): Raw[] {
  const kind = changes[0]?.kind
  const name = Object.entries(kind?.fields ?? {}).find(([, field]) => field.keepOne === true)?.[0]
  if (kind === undefined || name === undefined) return []
  const losing = changes.filter(
    (change) => turnsOff(change) || (change.action === 'delete' && change.live.values[name] === true),
  )
  if (losing.length === 0) return []
  const after = new Map(there.map((one) => [one.key, one.values[name] === true]))
  for (const change of changes) {
    if (change.action === 'delete') after.delete(change.key)
    else if (change.action !== 'noop') {
      const value = change.desired.values[name]
      after.set(change.key, typeof value === 'boolean' ? value : (after.get(change.key) ?? true))
    }
  }
  if ([...after.values()].some((value) => value)) return []
  const addresses = losing.map((change) => qualify(change.scope, change.address))
  const verb = `none of the ${kind.name} would be ${name} any more`
  if (there.length === 1 && losing.every(turnsOff))
    return [
      {
        code: 'LAST_ONE',
        reason: `${verb}: the only ${kind.title} there is cannot be disabled`,
        addresses,
        final: true,
      },
    ]
  return [{ code: 'LAST_ONE', reason: `${verb}: ${addresses.join(', ')}`, addresses }]
}

/** One gate for all objects of one kind that are in the same danger. */
function grouped(raw: readonly Raw[]): Raw[] {
  const groups = new Map<string, Raw[]>()
  for (const gate of raw) {
    const id = `${gate.code} ${gate.addresses[0]?.split('/')[0] ?? ''}`
    groups.set(id, [...(groups.get(id) ?? []), gate])
  }
  return [...groups.values()].flatMap((gates) => {
    const [first] = gates
    if (first === undefined || gates.length === 1) return gates
    const shown = gates.slice(0, 5).map((gate) => gate.reason)
    const rest = gates.length > 5 ? [`and ${gates.length - 5} more`] : []
    return [{ ...first, reason: [...shown, ...rest].join('; '), addresses: gates.flatMap((gate) => gate.addresses) }]
  })
}

function dangerGates(change: Change, context: GateContext): Raw[] {
  if (change.kind.dangers === undefined || change.action === 'noop') return []
  const scope = context.live.get(formatScope(change.scope))
  const around: Surroundings = {
    live(kind) {
      const collection = scope?.collections.get(kind)
      return collection?.known === true ? collection.objects : undefined
    },
    runnerAddresses: context.runnerAddresses,
    usesCredential: (text) => context.usesCredential(change.scope.account, text),
  }
  const address = qualify(change.scope, formatAddress(change.kind.name, change.key))
  return change.kind.dangers(change, around).map(({ code, reason }) => ({ code, reason, addresses: [address] }))
}
