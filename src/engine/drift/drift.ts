import { append } from '../../model/append.ts'
import type { FieldChange, Reason } from '../../model/kind/difference.ts'
import { fieldAt } from '../../model/kind/walk.ts'
import type { Memory } from '../../model/ledger/memory.ts'
import { recordableValue } from '../../model/ledger/recordable.ts'
import type { Position, Source } from '../../model/position.ts'
import type { Change } from '../../model/run/change.ts'
import type { DriftDocument, DriftedDocument } from '../../model/run/drift-document.ts'
import { FORMAT_VERSION, type ObjectPlace } from '../../model/run/plan-document.ts'
import { valueAt } from '../../model/value/path.ts'
import { combined } from '../diff/reason.ts'
import { problemJson } from '../plan/problem-document.ts'
import type { Comparison } from './compare.ts'

/** What a drift report is made with. */
interface DriftOptions {
  readonly version: string
  readonly ledger: string | undefined
  readonly locate: (source: Source) => Position
}

/** Takes out of a comparison what somebody changed outside; where nobody remembers, everything that differs. */
export function driftOf(found: Comparison, { version, ledger, locate }: DriftOptions): DriftDocument {
  const { memory, spec } = found
  const drift: DriftedDocument[] = []
  const unknown: ObjectPlace[] = []
  for (const change of found.changes) {
    if (change.action === 'noop') continue
    const reason = change.reason ?? 'unknown'
    const place = { address: change.address, ...change.scope }
    if (reason === 'unknown' && memory.knows(change.scope.account)) unknown.push(place)
    else if (reason !== 'spec') append(drift, drifted(change, reason, memory, locate))
  }
  const count = (what: DriftedDocument['what']) => drift.filter((one) => one.what === what).length
  const used = new Set(spec.scopes.map(({ scope }) => scope.account))
  const unmanaged = found.unmanaged.map(({ scope, address }) => ({ address, ...scope }))
  return {
    formatVersion: FORMAT_VERSION,
    mailconfig: version,
    ledger: ledger ?? null,
    accounts: [...spec.accounts.values()]
      .filter(({ name }) => used.has(name))
      .map(({ name, api, url }) => ({ name, api, url, known: memory.knows(name) })),
    drift,
    unknown,
    unmanaged,
    summary: {
      changed: count('changed'),
      deleted: count('deleted'),
      made: count('made'),
      unknown: unknown.length,
      unmanaged: unmanaged.length,
    },
    problems: found.problems.map((problem) => problemJson(problem, locate)),
  }
}

function drifted(
  change: Exclude<Change, { readonly action: 'noop' }>,
  reason: Exclude<Reason, 'spec'>,
  memory: Memory,
  locate: DriftOptions['locate'],
): DriftedDocument[] {
  const fields = change.action === 'update' ? change.fields.flatMap((field) => driftedField(field, change, memory)) : []
  if (change.action === 'update' && fields.length === 0) return [] // only the spec and secrets
  const why = fields.length === 0 ? reason : withoutSpec(combined(fields.map((field) => field.reason)))
  return [
    {
      address: change.address,
      ...change.scope,
      kind: change.kind.name,
      key: change.key,
      what: ({ update: 'changed', create: 'deleted', delete: 'made' } as const)[change.action],
      reason: why,
      next: change.action,
      fields,
      source: change.desired === undefined ? null : locate(change.desired.source),
    },
  ]
}

/** Fields that only the spec changed are left out before. */
function withoutSpec(reason: Reason): Exclude<Reason, 'spec'> {
  return reason === 'spec' ? 'unknown' : reason
}

/** A field that changed outside; what only the spec changed, and secrets, which nobody can look at, are left out. */
function driftedField(
  { path, before, after, sensitive, reason = 'unknown' }: FieldChange,
  { kind, scope, key }: Change,
  memory: Memory,
): DriftedDocument['fields'] {
  if (sensitive || reason === 'spec') return []
  const entry = memory.entry(scope, kind.name, key)
  const field = fieldAt(kind.fields, path)
  const applied = entry === undefined || field === undefined ? undefined : valueAt(entry.fields, path)
  return [
    {
      path,
      applied: applied === undefined || field === undefined ? null : recordableValue(field, applied),
      live: before ?? null,
      spec: after ?? null,
      reason,
    },
  ]
}
