import { createHash } from 'node:crypto'
import { isRecord, parseJson, sorted } from '../../model/json.ts'
import { LEDGER_FORMAT, type LedgerRecord, ledgerEntry, ledgerRun } from '../../model/ledger/record.ts'
import { fits, list, text } from '../../model/shape.ts'
import { LedgerError } from '../stores/store.ts'

/** A record as text: one line for each entry and each change, in order, so that two versions of it can be compared. */
export function formatRecord(record: LedgerRecord): string {
  return `{\n  "sum": "${sumOf(record)}",${linesOf(record).slice(1)}`
}

/** A record that was changed by accident or by a merge is noticed and not used; the layout of its JSON does not matter. */
function sumOf(record: Readonly<Record<string, unknown>> | LedgerRecord): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(record)))
    .digest('hex')
}

function linesOf({ entries, history, ...head }: LedgerRecord): string {
  const line = (value: unknown) => JSON.stringify(value)
  const listed = Object.keys(entries)
    .sort()
    .map((address) => `    ${line(address)}: ${line(entries[address])}`)
  const runs = history.map(({ changes, ...run }) => {
    const lines = changes.map((change) => `      ${line(change)}`)
    return `    ${line({ ...run, changes: [] }).slice(0, -2)}${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n    `}]}`
  })
  const fields = Object.entries(head).map(([name, value]) => `  ${line(name)}: ${line(value)}`)
  return `{\n${[...fields, `  "entries": ${block('{', listed, '}')}`, `  "history": ${block('[', runs, ']')}`].join(',\n')}\n}\n`
}

function block(open: string, lines: readonly string[], close: string): string {
  return lines.length === 0 ? `${open}${close}` : `${open}\n${lines.join(',\n')}\n  ${close}`
}

/** A record out of its text. Throws `LedgerError`: `LEDGER_NEWER` for a format of the future, else `LEDGER_CORRUPT`. */
export function parseRecord(written: string, where: string): LedgerRecord {
  const value = parsed(written, where)
  if (!isRecord(value)) throw corrupt(where, 'it is not a JSON object')
  const { format } = value
  if (typeof format === 'number' && Number.isInteger(format) && format > LEDGER_FORMAT)
    throw new LedgerError(
      'LEDGER_NEWER',
      `${where} was written by a newer mailconfig (format ${format}, and this one knows ${LEDGER_FORMAT})`,
      { hint: 'update mailconfig; until then the record is not overwritten' },
    )
  const { sum, ...record } = value
  const flaw = flawOf(record)
  if (flaw !== undefined) throw corrupt(where, flaw)
  if (!isLedgerRecord(record)) throw corrupt(where, 'it is not a valid record')
  if (sum !== sumOf(record)) throw corrupt(where, 'it was changed after it was written')
  return record
}

function parsed(text: string, where: string): unknown {
  try {
    return parseJson(text)
  } catch {
    throw corrupt(where, text.trim() === '' ? 'it is empty' : 'it is not complete JSON')
  }
}

function corrupt(where: string, why: string): LedgerError {
  return new LedgerError('LEDGER_CORRUPT', `${where} cannot be used: ${why}`, {
    hint: 'restore it from a backup or from Git, or move it away and run "mailconfig adopt --all"',
  })
}

function isLedgerRecord(value: unknown): value is LedgerRecord {
  return isRecord(value) && flawOf(value) === undefined
}

/** What is wrong with something that should be a record; nothing that the rest of the room relies on is left unlooked at. */
function flawOf(value: Readonly<Record<string, unknown>>): string | undefined {
  const { format, lineage, serial, account, marks, entries, history } = value
  if (format !== LEDGER_FORMAT) return 'it has no format that is known'
  if (typeof lineage !== 'string' || lineage === '') return 'it has no lineage'
  if (typeof serial !== 'number' || !Number.isSafeInteger(serial) || serial < 0) return 'it has no serial'
  if (!isRecord(account) || ![account['name'], account['api'], account['url']].every((one) => typeof one === 'string'))
    return 'it has no account'
  if (!fits(list(text()), marks)) return 'its marks are broken'
  if (!isRecord(entries)) return 'it has no entries'
  const entry = Object.keys(entries).find((address) => !fits(ledgerEntry, entries[address]))
  if (entry !== undefined) return `its entry "${entry}" is broken`
  if (!Array.isArray(history)) return 'it has no history'
  const run = history.findIndex((one) => !fits(ledgerRun, one))
  return run < 0 ? undefined : `run ${run + 1} of its history is broken`
}
