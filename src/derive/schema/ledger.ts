import type { ResourceKind } from '../../model/kind/kind.ts'
import type { JsonSchema } from './json-schema.ts'
import { DRAFT, list, map, nullableText, position, problem, text, version, where, whole } from './outputs.ts'

/** What `drift --format json` prints. */
export function driftSchema(kinds: readonly ResourceKind[]): JsonSchema {
  const reason = { enum: ['drift', 'both', 'unknown'] }
  const drifted = map({
    ...where,
    kind: { enum: kinds.map((kind) => kind.name) },
    key: text,
    what: { enum: ['changed', 'deleted', 'made'] },
    reason,
    next: { enum: ['update', 'create', 'delete'] },
    fields: list(map({ path: text, applied: {}, live: {}, spec: {}, reason })),
    source: { anyOf: [position, { type: 'null' }] },
  })
  return {
    $schema: DRAFT,
    title: 'What changed outside a mailconfig spec',
    ...map({
      formatVersion: version,
      mailconfig: text,
      ledger: nullableText,
      accounts: list(
        map({ name: text, api: { enum: ['smtp2go', 'backoffice'] }, url: text, known: { type: 'boolean' } }),
      ),
      drift: list(drifted),
      unknown: list(map(where)),
      unmanaged: list(map(where)),
      summary: map({ changed: whole, deleted: whole, made: whole, unknown: whole, unmanaged: whole }),
      problems: list(problem),
    }),
  }
}

/** What `adopt --format json` prints. */
export function adoptSchema(): JsonSchema {
  return {
    $schema: DRAFT,
    title: 'What mailconfig adopt took into the ledger',
    ...map({
      formatVersion: version,
      objects: list(map({ address: text, outcome: { enum: ['adopted', 'known', 'not'] }, why: text }, ['why'])),
      summary: map({ adopted: whole, known: whole, not: whole }),
    }),
  }
}

/** What `history --format json` prints. */
export function historySchema(): JsonSchema {
  const values = { type: 'object' }
  const change = map(
    {
      ...where,
      kind: text,
      key: text,
      id: text,
      action: { enum: ['create', 'update', 'delete', 'adopt'] },
      outcome: { enum: ['pending', 'done', 'failed', 'skipped', 'unknown'] },
      before: values,
      after: values,
      renamedFrom: text,
      secrets: list(text),
      members: map({ added: list(text), removed: list(text) }),
    },
    ['id', 'before', 'after', 'renamedFrom', 'secrets', 'members'],
  )
  const run = map(
    {
      id: text,
      accounts: list(text),
      command: { enum: ['apply', 'destroy', 'adopt', 'rotate', 'rollback', 'lift'] },
      startedAt: text,
      endedAt: text,
      by: text,
      url: text,
      commit: text,
      plan: text,
      mailconfig: text,
      specHash: text,
      state: { enum: ['running', 'done', 'partial', 'interrupted'] },
      trimmed: { const: true },
      summary: map({ create: whole, update: whole, delete: whole, adopt: whole, other: whole }),
      changes: list(change),
    },
    ['endedAt', 'url', 'commit', 'plan', 'trimmed', 'changes'],
  )
  return {
    $schema: DRAFT,
    title: 'Earlier runs of mailconfig',
    ...map({ formatVersion: version, ledger: text, runs: list(run) }),
  }
}
