import {
  anything,
  list,
  nameOf,
  object,
  oneOf,
  optional,
  orNull,
  type TypeOf,
  text,
  truth,
  whole,
  yes,
} from '../shape.ts'

/** The version of the JSON that plans and reports are written in. */
export const FORMAT_VERSION = '1.0'

/** The names that documents may hold: of APIs and of kinds. */
export interface KnownNames {
  readonly apis: readonly string[]
  readonly kinds: readonly string[]
}

/** The version of a format. */
export const version = text({ pattern: '^1\\.\\d+$' })
/** `sha256:…` */
export const hash = text({ pattern: '^sha256:[0-9a-f]{64}$' })

/** The members that say where an object is. */
export const objectPlaceMembers = {
  address: text(),
  account: text(),
  subaccount: orNull(text()),
}

/** Where an object is. */
export const objectPlace = object(objectPlaceMembers)

/** A place in a file. */
export const position = object({ file: text(), line: whole(1), column: whole(1) })

/** A problem or a warning. */
export const problemDocument = object({
  code: text({ pattern: '^[A-Z][A-Z0-9_]*$' }),
  severity: oneOf('error', 'warning'),
  message: text(),
  hint: optional(text()),
  at: optional(position),
  also: optional(position),
})

const reason = oneOf('spec', 'drift', 'both', 'unknown')

const changeOf = ({ kinds }: KnownNames) =>
  object({
    ...objectPlaceMembers,
    kind: nameOf(kinds),
    key: text(),
    action: oneOf('create', 'update', 'delete', 'noop'),
    reason,
    fields: list(
      object({
        path: text(),
        before: anything,
        after: anything,
        sensitive: truth,
        /** A secret that is known to be another one than was sent before. */
        isNew: optional(yes),
        reason: optional(reason),
      }),
    ),
    /** Null: the spec does not name it. */
    source: orNull(position),
    risk: object({ level: oneOf('low', 'medium', 'high'), why: list(text()) }),
    calls: whole(),
    /** Messages of the last seven days that go with it, where `--traffic` asked. */
    sent: optional(whole()),
    /** The key it has now, where it is renamed. */
    renamedFrom: optional(text()),
    /** The API's own word for what happens, where it has one: "close", "reopen". */
    verb: optional(text()),
  })

/** Something that needs somebody's explicit word. */
export const gateDocument = object({
  number: text({ pattern: '^G\\d+$' }),
  code: text(),
  reason: text(),
  addresses: list(text()),
  /** What `--accept` has to say; null for what nobody may accept. */
  accept: orNull(text()),
  accepted: truth,
})

const possible = object({ logins: list(text()), from: list(text()), as: list(text()), to: list(text()) })
const sendingDocument = object({ scope: text(), gained: possible, lost: possible })

/** The members of a plan, with these names of APIs and kinds. */
export const planMembers = (names: KnownNames) => ({
  formatVersion: version,
  mailconfig: text(),
  specHash: hash,
  accounts: list(object({ name: text(), api: nameOf(names.apis), url: text() })),
  changes: list(changeOf(names)),
  unmanaged: list(objectPlace),
  summary: object({
    create: whole(),
    update: whole(),
    delete: whole(),
    noop: whole(),
    unmanaged: whole(),
    calls: whole(),
  }),
  /** What it changes about who may send: logins, networks, senders and recipients for whom mail goes through, or no longer does. */
  sending: optional(list(sendingDocument)),
  gates: list(gateDocument),
  warnings: list(problemDocument),
})

/** The shape of a plan, with these names of APIs and kinds. */
export const planDocument = (names: KnownNames) => object(planMembers(names))

/** A plan as data: what `plan --format json` prints, what a saved plan holds, and what every view of a plan is made from. No secret is in it. */
export type PlanDocument = TypeOf<ReturnType<typeof planDocument>>
/** Where an object is. */
export type ObjectPlace = TypeOf<typeof objectPlace>
/** One change of a plan. */
export type ChangeDocument = PlanDocument['changes'][number]
/** Something that needs somebody's explicit word. */
export type GateDocument = TypeOf<typeof gateDocument>
/** What a plan changes in one scope about who may send. */
export type SendingDocument = NonNullable<PlanDocument['sending']>[number]
/** A problem or a warning. */
export type ProblemDocument = TypeOf<typeof problemDocument>

/** The problems of a spec: what `validate --format json` prints, and every command that finds the spec broken. */
export const validateDocument = object({ formatVersion: version, valid: truth, problems: list(problemDocument) })
/** The problems of a spec. */
export type ValidateDocument = TypeOf<typeof validateDocument>
