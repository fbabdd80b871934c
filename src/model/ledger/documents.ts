import { objectPlaceMembers, version } from '../run/plan-document.ts'
import { anyObject, list, object, oneOf, optional, type TypeOf, text, whole, yes } from '../shape.ts'
import { actions, ledgerCommands, members, outcomes, states } from './record.ts'

/** What `adopt --format json` prints. */
export const adoptDocument = object({
  formatVersion: version,
  objects: list(object({ address: text(), outcome: oneOf('adopted', 'known', 'not'), why: optional(text()) })),
  summary: object({ adopted: whole(), known: whole(), not: whole() }),
})
/** What `adopt --format json` prints. */
export type AdoptDocument = TypeOf<typeof adoptDocument>

const change = object({
  ...objectPlaceMembers,
  kind: text(),
  key: text(),
  id: optional(text()),
  action: actions,
  outcome: outcomes,
  before: optional(anyObject),
  after: optional(anyObject),
  /** It made a twin for the object with this key. */
  twinOf: optional(text()),
  renamedFrom: optional(text()),
  /** It made an object whose secret nobody is known to have. */
  lost: optional(yes),
  /** Paths of the secrets that were sent. */
  secrets: optional(list(text())),
  members: optional(members),
})

/** What `history --format json` prints. */
export const historyDocument = object({
  formatVersion: version,
  ledger: text(),
  runs: list(
    object({
      id: text(),
      accounts: list(text()),
      command: ledgerCommands,
      startedAt: text(),
      endedAt: optional(text()),
      by: text(),
      url: optional(text()),
      commit: optional(text()),
      plan: optional(text()),
      mailconfig: text(),
      specHash: text(),
      state: states,
      trimmed: optional(yes),
      summary: object({ create: whole(), update: whole(), delete: whole(), adopt: whole(), other: whole() }),
      changes: optional(list(change)),
    }),
  ),
})
/** What `history --format json` prints. */
export type HistoryDocument = TypeOf<typeof historyDocument>
