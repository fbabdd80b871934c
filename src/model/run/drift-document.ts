import { anything, list, nameOf, object, oneOf, orNull, type TypeOf, text, truth, whole } from '../shape.ts'
import {
  type KnownNames,
  objectPlace,
  objectPlaceMembers,
  position,
  problemDocument,
  version,
} from './plan-document.ts'

/** `both`: the spec was changed as well; `unknown`: perhaps only the spec was. */
const reason = oneOf('drift', 'both', 'unknown')

const drifted = ({ kinds }: KnownNames) =>
  object({
    ...objectPlaceMembers,
    kind: nameOf(kinds),
    key: text(),
    /** What happened to it outside. */
    what: oneOf('changed', 'deleted', 'made'),
    reason,
    /** What the next apply does, for the spec wins. */
    next: oneOf('update', 'create', 'delete'),
    /** `applied`: as it was last applied, null if that is unknown; `spec`: as the next apply makes it. */
    fields: list(object({ path: text(), applied: anything, live: anything, spec: anything, reason })),
    source: orNull(position),
  })

/** What changed outside the spec: what `drift --format json` prints. No secret is in it. */
export const driftDocument = (names: KnownNames) =>
  object({
    formatVersion: version,
    mailconfig: text(),
    /** Where the ledger is; null: there is none. */
    ledger: orNull(text()),
    /** `known`: the ledger has a record of the account; without one an edit of the spec cannot be told from a change outside. */
    accounts: list(object({ name: text(), api: nameOf(names.apis), url: text(), known: truth })),
    drift: list(drifted(names)),
    /** Declared objects that differ and that the ledger does not know yet: nobody can say who changed them. */
    unknown: list(objectPlace),
    unmanaged: list(objectPlace),
    summary: object({ changed: whole(), deleted: whole(), made: whole(), unknown: whole(), unmanaged: whole() }),
    /** What a plan would say; an error here stops the next apply, and not this report. */
    problems: list(problemDocument),
  })
/** What changed outside the spec. */
export type DriftDocument = TypeOf<ReturnType<typeof driftDocument>>
/** One object that is not as it was left. */
export type DriftedDocument = DriftDocument['drift'][number]
