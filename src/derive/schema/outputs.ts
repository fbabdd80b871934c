import type { ResourceKind } from '../../model/kind/kind.ts'
import type { JsonSchema } from './json-schema.ts'

/** The dialect of the schemas. */
export const DRAFT = 'http://json-schema.org/draft-07/schema#'
/** Any text. */
export const text = { type: 'string' }
/** A count. */
export const whole = { type: 'integer', minimum: 0 }
/** A text, or null. */
export const nullableText = { type: ['string', 'null'] }

/** An object with these properties and no others. */
export function map(properties: Readonly<Record<string, JsonSchema>>, optional: readonly string[] = []): JsonSchema {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
    additionalProperties: false,
  }
}

/** A list of these. */
export function list(items: JsonSchema): JsonSchema {
  return { type: 'array', items }
}

/** A place in a file. */
export const position = map({
  file: text,
  line: { type: 'integer', minimum: 1 },
  column: { type: 'integer', minimum: 1 },
})

/** A problem or a warning. */
export const problem = map(
  {
    code: { type: 'string', pattern: '^[A-Z][A-Z0-9_]*$' },
    severity: { enum: ['error', 'warning'] },
    message: text,
    hint: text,
    at: position,
    also: position,
  },
  ['hint', 'at', 'also'],
)

/** The version of a format. */
export const version = { type: 'string', pattern: '^1\\.\\d+$' }
/** Where an object is. */
export const where = { address: text, account: text, subaccount: nullableText }

const reason = { enum: ['spec', 'drift', 'both', 'unknown'] }

function change(kinds: readonly ResourceKind[]): JsonSchema {
  return map(
    {
      ...where,
      kind: { enum: kinds.map((kind) => kind.name) },
      key: text,
      action: { enum: ['create', 'update', 'delete', 'noop'] },
      reason,
      fields: list(
        map({ path: text, before: {}, after: {}, sensitive: { type: 'boolean' }, isNew: { const: true }, reason }, [
          'isNew',
          'reason',
        ]),
      ),
      source: { anyOf: [position, { type: 'null' }] },
      risk: map({ level: { enum: ['low', 'medium', 'high'] }, why: list(text) }),
      calls: whole,
      renamedFrom: text,
      verb: text,
    },
    ['renamedFrom', 'verb'],
  )
}

/** What a saved plan holds beside the plan. */
function savedPart(): JsonSchema {
  const hash = { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' }
  const mark = { type: 'string', pattern: '^[0-9a-f]{32}$' }
  const marks = { type: 'object', additionalProperties: mark }
  return map({
    id: text,
    at: text,
    mode: { enum: ['apply', 'destroy'] },
    files: list(text),
    specFiles: { type: 'object', additionalProperties: hash },
    account: list(text),
    only: list(text),
    exclude: list(text),
    varFiles: list(text),
    accept: list(text),
    seconds: { type: 'number', minimum: 0 },
    keyedBy: { enum: ['credential', 'MAILCONFIG_PLAN_KEY'] },
    salt: mark,
    bound: list(map({ account: text, api: { enum: ['smtp2go', 'backoffice'] }, url: text, mark })),
    vars: marks,
    secrets: marks,
    objects: { type: 'object', additionalProperties: { anyOf: [marks, { type: 'null' }] } },
    checksum: hash,
    seal: mark,
  })
}

/** What `plan --format json` prints, and with `saved` what `plan --out` writes. */
export function planSchema(kinds: readonly ResourceKind[]): JsonSchema {
  return {
    $schema: DRAFT,
    title: 'A mailconfig plan',
    ...map(
      {
        formatVersion: version,
        mailconfig: text,
        specHash: { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' },
        accounts: list(map({ name: text, api: { enum: ['smtp2go', 'backoffice'] }, url: text })),
        changes: list(change(kinds)),
        unmanaged: list(map(where)),
        summary: map({ create: whole, update: whole, delete: whole, noop: whole, unmanaged: whole, calls: whole }),
        gates: list(
          map({
            number: { type: 'string', pattern: '^G\\d+$' },
            code: text,
            reason: text,
            addresses: list(text),
            accept: nullableText,
            accepted: { type: 'boolean' },
          }),
        ),
        warnings: list(problem),
        saved: savedPart(),
      },
      ['saved'],
    ),
  }
}

/** What `apply --format json` and `destroy --format json` print. */
export function applySchema(): JsonSchema {
  const error = map({ message: text, code: text, hint: text }, ['code', 'hint'])
  return {
    $schema: DRAFT,
    title: 'The report of a mailconfig apply',
    ...map(
      {
        formatVersion: version,
        results: list(
          map(
            {
              ...where,
              action: { enum: ['create', 'update', 'delete'] },
              outcome: { enum: ['done', 'failed', 'skipped', 'unknown'] },
              error,
              note: text,
              applied: map({ calls: whole, of: whole }),
            },
            ['error', 'note', 'applied'],
          ),
        ),
        summary: map({ done: whole, failed: whole, skipped: whole, unknown: whole }),
        run: text,
        impossible: list(text),
        refused: list(map({ number: text, code: text, reason: text, accept: nullableText })),
      },
      ['run', 'impossible', 'refused'],
    ),
  }
}

/** What `validate --format json` prints, and every command that finds the spec broken. */
export function validateSchema(): JsonSchema {
  return {
    $schema: DRAFT,
    title: 'The problems of a mailconfig spec',
    ...map({ formatVersion: version, valid: { type: 'boolean' }, problems: list(problem) }),
  }
}
