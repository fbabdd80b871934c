import { version } from '../run/plan-document.ts'
import { list, object, oneOf, optional, orNull, type Shape, text, whole } from '../shape.ts'
import { ledgerCommands } from './record.ts'

const gates = list(object({ code: text(), accepted: orNull(text()) }))

/** What every line says. */
const common = {
  formatVersion: version,
  time: text({ format: 'date-time' }),
  run: text(),
  ledgerRun: orNull(text()),
  command: ledgerCommands,
  by: text(),
  url: orNull(text()),
  commit: orNull(text()),
  mailconfig: text(),
}

/** What a line about one change says. */
const change = {
  account: text(),
  subaccount: orNull(text()),
  address: text(),
  kind: text(),
  action: oneOf('create', 'update', 'delete'),
  fields: list(text()),
  members: optional(object({ added: whole(), edited: whole(), removed: whole() })),
  gates,
}
const outcome = {
  outcome: oneOf('done', 'failed', 'skipped', 'unknown'),
  id: orNull(text()),
  code: orNull(text()),
}

/** The lines of the audit log, by what they announce. */
export const auditLines: readonly Shape<object>[] = [
  object({
    event: oneOf('run-begin'),
    ...common,
    specHash: text(),
    savedPlan: orNull(text()),
    changes: whole(),
    gates,
  }),
  object({ event: oneOf('change-begin'), ...common, ...change }),
  object({ event: oneOf('change-end', 'change-read-back', 'change-skipped'), ...common, ...change, ...outcome }),
  object({ event: oneOf('run-end'), ...common, outcome: oneOf('done', 'partial', 'interrupted') }),
]
