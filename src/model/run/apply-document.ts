import { list, object, oneOf, optional, orNull, type TypeOf, text, whole } from '../shape.ts'
import { objectPlaceMembers, version } from './plan-document.ts'

const refused = object({ number: text(), code: text(), reason: text(), accept: orNull(text()) })

/** The report of an apply: what `apply --format json` and `destroy --format json` print. */
export const applyDocument = object({
  formatVersion: version,
  results: list(
    object({
      ...objectPlaceMembers,
      action: oneOf('create', 'update', 'delete'),
      outcome: oneOf('done', 'failed', 'skipped', 'unknown'),
      error: optional(object({ message: text(), code: optional(text()), hint: optional(text()) })),
      note: optional(text()),
      /** How many calls of the change took effect, where it is not wholly done. */
      applied: optional(object({ calls: whole(), of: whole() })),
    }),
  ),
  summary: object({ done: whole(), failed: whole(), skipped: whole(), unknown: whole() }),
  /** The run in the ledger. */
  run: optional(text()),
  /** What `rollback` cannot bring back. */
  impossible: optional(list(text())),
  /** Gates that kept everything from being written. */
  refused: optional(list(refused)),
})
/** The report of an apply. */
export type ApplyDocument = TypeOf<typeof applyDocument>
