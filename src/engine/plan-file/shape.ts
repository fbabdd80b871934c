import { isRecord } from '../../model/json.ts'
import type { Position } from '../../model/position.ts'
import type { ChangeDocument, GateDocument, PlanDocument, ProblemDocument } from '../../model/run/plan-document.ts'
import type { ObjectMarks, SavedDocument, SavedPart } from '../../model/run/plan-file.ts'

/** Says whether a value from outside is of a type. Members that it does not know are let through. */
type Check<T> = (value: unknown) => value is T

const text: Check<string> = (value) => typeof value === 'string'
const number: Check<number> = (value) => typeof value === 'number'
const truth: Check<boolean> = (value) => typeof value === 'boolean'
const yes: Check<true> = (value): value is true => value === true
const anything: Check<unknown> = (_value): _value is unknown => true

function oneOf<const W extends string>(...words: readonly W[]): Check<W> {
  return (value): value is W => words.some((word) => word === value)
}

function orNull<T>(check: Check<T>): Check<T | null> {
  return (value): value is T | null => value === null || check(value)
}

function optional<T>(check: Check<T>): Check<T | undefined> {
  return (value): value is T | undefined => value === undefined || check(value)
}

function listOf<T>(check: Check<T>): Check<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every((item) => check(item))
}

function mapOf<T>(check: Check<T>): Check<Readonly<Record<string, T>>> {
  return (value): value is Readonly<Record<string, T>> => isRecord(value) && Object.values(value).every(check)
}

function shape<T>(checks: { readonly [K in keyof T]-?: Check<T[K]> }): Check<T> {
  const all = Object.entries<(value: unknown) => boolean>({ ...checks })
  return (value): value is T => isRecord(value) && all.every(([name, check]) => check(value[name]))
}

const place = { address: text, account: text, subaccount: orNull(text) }
const position = shape<Position>({ file: text, line: number, column: number })
const reason = oneOf('spec', 'drift', 'both', 'unknown')
const api = oneOf('smtp2go', 'backoffice')

const change = shape<ChangeDocument>({
  ...place,
  kind: text,
  key: text,
  action: oneOf('create', 'update', 'delete', 'noop'),
  reason,
  fields: listOf(
    shape<ChangeDocument['fields'][number]>({
      path: text,
      before: anything,
      after: anything,
      sensitive: truth,
      isNew: optional(yes),
      reason: optional(reason),
    }),
  ),
  source: orNull(position),
  risk: shape<ChangeDocument['risk']>({ level: oneOf('low', 'medium', 'high'), why: listOf(text) }),
  calls: number,
  renamedFrom: optional(text),
  verb: optional(text),
})

const plan: { readonly [K in keyof PlanDocument]-?: Check<PlanDocument[K]> } = {
  formatVersion: text,
  mailconfig: text,
  specHash: text,
  accounts: listOf(shape<PlanDocument['accounts'][number]>({ name: text, api, url: text })),
  changes: listOf(change),
  unmanaged: listOf(shape<PlanDocument['unmanaged'][number]>(place)),
  summary: shape<PlanDocument['summary']>({
    create: number,
    update: number,
    delete: number,
    noop: number,
    unmanaged: number,
    calls: number,
  }),
  gates: listOf(
    shape<GateDocument>({
      number: text,
      code: text,
      reason: text,
      addresses: listOf(text),
      accept: orNull(text),
      accepted: truth,
    }),
  ),
  warnings: listOf(
    shape<ProblemDocument>({
      code: text,
      severity: oneOf('error', 'warning'),
      message: text,
      hint: optional(text),
      at: optional(position),
      also: optional(position),
    }),
  ),
}

const marks: Check<ObjectMarks> = orNull(mapOf(text))

/** True for JSON that is a saved plan, with members of newer versions or without. */
export const isSaved: Check<SavedDocument> = shape<SavedDocument>({
  ...plan,
  saved: shape<SavedPart>({
    id: text,
    at: text,
    mode: oneOf('apply', 'destroy'),
    files: listOf(text),
    specFiles: mapOf(text),
    account: listOf(text),
    only: listOf(text),
    exclude: listOf(text),
    varFiles: listOf(text),
    accept: listOf(text),
    seconds: number,
    keyedBy: oneOf('credential', 'MAILCONFIG_PLAN_KEY'),
    salt: text,
    bound: listOf(shape<SavedPart['bound'][number]>({ account: text, api, url: text, mark: text })),
    vars: mapOf(text),
    secrets: mapOf(text),
    objects: mapOf(marks),
    checksum: text,
    seal: text,
  }),
})
