import { qualify } from '../../model/address.ts'
import type { FieldChange } from '../../model/kind/difference.ts'
import type { Fields } from '../../model/kind/field.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { RiskLevel, RiskTurn, Risky } from '../../model/kind/risk.ts'
import { fieldAt, walkFields } from '../../model/kind/walk.ts'
import type { Change } from '../../model/run/change.ts'
import type { Gate } from '../gates/gate.ts'

/** How much a change could break, and why, by rules that anybody can read. */
export interface Risk {
  readonly level: RiskLevel
  readonly why: readonly string[]
}

interface RiskReason {
  readonly level: 'medium' | 'high'
  readonly why: string
}

/** The risk of a change: what its gates, its fields and its kind say of it; the highest counts. */
export function riskOf(change: Change, gates: readonly Gate[]): Risk {
  const gated = reasonsByAddress(gates).get(qualify(change.scope, change.address)) ?? []
  const reasons: RiskReason[] = [...gated.map((why) => ({ level: 'high' as const, why })), ...reasonsOf(change)]
  if (reasons.length === 0) return { level: 'low', why: [] }
  const level = reasons.some((reason) => reason.level === 'high') ? 'high' : 'medium'
  return { level, why: [...new Set(reasons.map((reason) => reason.why))] }
}

const known = new WeakMap<readonly Gate[], ReadonlyMap<string, readonly string[]>>()

/** The reasons of gates by the addresses that they name. */
function reasonsByAddress(gates: readonly Gate[]): ReadonlyMap<string, readonly string[]> {
  const found = known.get(gates)
  if (found !== undefined) return found
  const fresh = new Map<string, string[]>()
  for (const { addresses, reason } of gates)
    for (const address of addresses) {
      const reasons = fresh.get(address)
      if (reasons === undefined) fresh.set(address, [reason])
      else reasons.push(reason)
    }
  known.set(gates, fresh)
  return fresh
}

function reasonsOf(change: Change): RiskReason[] {
  switch (change.action) {
    case 'delete':
      return [{ level: 'high', why: wordsOfDelete(change.kind) }]
    case 'update':
      return [
        ...renamed(change),
        ...change.fields.flatMap((field) => fieldReasons(change.kind.fields, field)),
        ...(change.kind.risks ?? []).flatMap(({ level, found }) => found(change).map((why) => ({ level, why }))),
      ]
    case 'create':
    case 'noop':
      return []
  }
}

function wordsOfDelete({ whenDeleted, deleteVerb }: ResourceKind): string {
  const verb = deleteVerb === 'close' ? 'closed' : 'deleted'
  return whenDeleted === undefined ? `it is ${verb}` : `it is ${verb}: ${whenDeleted}`
}

function renamed(change: Change & { action: 'update' }): RiskReason[] {
  if (change.live.dormant) return [{ level: 'medium', why: 'it is opened again' }]
  if (change.kind.singleton !== undefined || change.live.key === change.key) return []
  return [{ level: 'medium', why: `what knows it as "${change.live.key}" no longer finds it` }]
}

function fieldReasons(fields: Fields, change: FieldChange): RiskReason[] {
  if (change.sensitive)
    return [{ level: 'medium', why: `${change.path} ${change.isNew === true ? 'gets a new value' : 'is sent again'}` }]
  const own = fieldAt(fields, change.path)?.risky ?? []
  return own
    .filter((risky) => applies(risky, change))
    .map(({ level, when, why }) => ({ level, why: `${change.path} ${turnText(when)}: ${why}` }))
}

function applies({ when }: Risky, { before, after }: FieldChange): boolean {
  if (typeof when === 'object') return after === when.becomes
  switch (when) {
    case 'changed':
      return true
    case 'lowered':
      return typeof before === 'number' && typeof after === 'number' && after < before
    case 'raised':
      return typeof before === 'number' && typeof after === 'number' && after > before
    case 'on':
      return after === true
    case 'off':
      return after === false
    case 'cleared':
      return after === null || after === undefined || after === '' || after === 'off'
    case 'added':
      return beyond(after, before)
    case 'removed':
      return beyond(before, after)
  }
}

/** True if one list has an item that the other lacks. */
function beyond(one: unknown, other: unknown): boolean {
  const texts = new Set(Array.isArray(other) ? other.map((item) => JSON.stringify(item)) : [])
  return Array.isArray(one) && one.some((item) => !texts.has(JSON.stringify(item)))
}

const TURNS: Readonly<Record<RiskTurn, string>> = {
  changed: 'changes',
  lowered: 'is lowered',
  raised: 'is raised',
  on: 'is switched on',
  off: 'is switched off',
  cleared: 'is cleared',
  added: 'gets more',
  removed: 'loses some',
}

function turnText(when: Risky['when']): string {
  return typeof when === 'object' ? `becomes ${JSON.stringify(when.becomes)}` : TURNS[when]
}

/** One rule, in words: for the table of the rules in the documentation. */
interface RuleText {
  readonly kind: string
  readonly when: string
  readonly level: RiskLevel
  readonly why: string
}

/** Every rule of every kind, in words, in the order of the kinds and their fields. */
export function riskRules(kinds: readonly ResourceKind[]): readonly RuleText[] {
  return kinds.flatMap((kind) => [
    ...(kind.calls.delete === undefined
      ? []
      : [{ kind: kind.name, when: 'deleted', level: 'high' as const, why: kind.whenDeleted ?? '' }]),
    ...fieldRules(kind.fields).map((rule) => ({ kind: kind.name, ...rule })),
    ...(kind.risks ?? []).map(({ when, level, why }) => ({ kind: kind.name, when, level, why })),
  ])
}

function fieldRules(fields: Fields): Omit<RuleText, 'kind'>[] {
  const found: Omit<RuleText, 'kind'>[] = []
  walkFields(fields, ({ risky = [] }, path) => {
    for (const { when, level, why } of risky)
      found.push({ when: `\`${path.join('.')}\` ${turnText(when)}`, level, why })
  })
  return found
}
