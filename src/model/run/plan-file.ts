import {
  list,
  nameOf,
  number,
  object,
  oneOf,
  optional,
  orNull,
  record,
  type Shape,
  type TypeOf,
  text,
  truth,
  yes,
} from '../shape.ts'
import { hash, type KnownNames, planMembers } from './plan-document.ts'

const mark = text({ pattern: '^[0-9a-f]{32}$' })
const marks = record(mark)
const objectMarks = orNull(marks)

/** What a saved plan remembers. Every mark is keyed, so that the file alone tells nothing about what was marked. */
const savedPart = ({ apis }: KnownNames) =>
  object({
    /** Given when it is saved, and never twice. */
    id: text(),
    /** When, ISO 8601. */
    at: text(),
    /** What it was made for: to make things as the spec says, or to delete what the spec names. */
    mode: oneOf('apply', 'destroy'),
    /** As given with `-f`, relative to the folder of the run; none: the default. */
    files: list(text()),
    /** `sha256:…` of the text of each file of the spec, by its name. */
    specFiles: record(hash),
    account: list(text()),
    only: list(text()),
    exclude: list(text()),
    varFiles: list(text()),
    /** What was sent lately was looked at, and is again. */
    traffic: optional(yes),
    /** What was said about DNS: whether it was asked about everything, and where; no resolver: those of the machine. */
    dns: optional(object({ everything: truth, resolvers: list(text()) })),
    /** Tokens of gates that were accepted. */
    accept: list(text()),
    /** About how long applying takes. */
    seconds: number(0),
    /** What the keys of the marks are made from: the accounts' credentials, or the variable of that name. */
    keyedBy: oneOf('credential', 'MAILCONFIG_PLAN_KEY'),
    salt: mark,
    /** The accounts that were read. */
    bound: list(object({ account: text(), api: nameOf(apis), url: text(), mark })),
    /** Marks of variables given on the command line or in a file, by name. */
    vars: marks,
    /** Marks of secrets of the touched objects: `main:smtpUsers/billing-app password`. */
    secrets: marks,
    /** For each touched object, by its address with scope, marks of its live values; null: it was not there. */
    objects: record(objectMarks),
    /** `sha256:…` of everything else: tells of a file that was cut off or edited. */
    checksum: hash,
    /** The same, keyed: nobody without the key can write it again. */
    seal: mark,
  })

const saved = (names: KnownNames) => object({ ...planMembers(names), saved: savedPart(names) })

/** A saved plan: the plan itself, and what binds it to one account, one spec and one state of the world. No secret is in it. */
export type SavedDocument = TypeOf<ReturnType<typeof saved>>
/** What a saved plan remembers. */
export type SavedPart = SavedDocument['saved']
/** Marks of an object's live values by field; null: it is not there. */
export type ObjectMarks = TypeOf<typeof objectMarks>

/** The shape of a saved plan, for its check: names of APIs and kinds may be those of another version. */
export const savedDocument: Shape<SavedDocument> = saved({ apis: [], kinds: [] })

/** A plan that may be saved, for its schema. */
export const planOrSaved = (names: KnownNames) => object({ ...planMembers(names), saved: optional(savedPart(names)) })
