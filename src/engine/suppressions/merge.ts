import { canonicalText } from '../../model/value/canonical.ts'
import type { Exporter, SuppressionReason } from './exported.ts'
import { readExported } from './exported.ts'
import { fileRows } from './rows.ts'
import { StrongestReasons } from './strongest.ts'

/** An export, and whose it is. */
export interface ExportFile {
  readonly path: string
  readonly name: string
  readonly from: Exporter
}

/** What came of an import. */
export interface Imported {
  /** Rows that were read. */
  readonly rows: number
  readonly added: number
  /** Already in the list. */
  readonly known: number
  /** Left out since they bounced. */
  readonly bounced: number
  /** Rows whose address is none. */
  readonly odd: number
}

/**
 * Adds the addresses of exports to a list: `known` are those that it has, and nothing of it is ever removed. An address in several exports has its strongest
 * reason. Bounces are left out unless they are asked for: here they expire, as an entry of the list never does.
 */
export function mergeExports(
  files: readonly ExportFile[],
  known: Iterable<string>,
  {
    keepBounces,
    write,
  }: { readonly keepBounces: boolean; readonly write: (address: string, description: string) => void },
): Imported {
  const reasons = new StrongestReasons()
  const counts = { rows: 0, added: 0, known: 0, bounced: 0, odd: 0 }
  for (const { row } of rowsIn(files)) {
    counts.rows += 1
    if (row === undefined) counts.odd += 1
    else reasons.note(row.address, row.reason)
  }
  for (const address of known) {
    const one = canonicalText('sender', address)
    if (one !== undefined && reasons.take(one) !== undefined) counts.known += 1
  }
  for (const { row, from } of rowsIn(files)) {
    const reason = row === undefined ? undefined : reasons.take(row.address)
    if (row === undefined || reason === undefined) continue
    if (reason === 'bounce' && !keepBounces) {
      counts.bounced += 1
      continue
    }
    write(row.address, describe(reason, from, reason === row.reason ? row.date : ''))
    counts.added += 1
  }
  return counts
}

function* rowsIn(files: readonly ExportFile[]) {
  for (const { path, name, from } of files)
    for (const named of fileRows(path)) {
      const row = readExported(from, named, name)
      const address = row === undefined ? undefined : canonicalText('sender', row.address)
      yield { from, row: row === undefined || address === undefined ? undefined : { ...row, address } }
    }
}

const TITLES: Readonly<Record<Exporter, string>> = {
  sendgrid: 'SendGrid',
  mailgun: 'Mailgun',
  postmark: 'Postmark',
  ses: 'Amazon SES',
  csv: 'a list',
}

const WORDS: Readonly<Record<SuppressionReason, string>> = {
  complaint: 'Complained',
  unsubscribe: 'Unsubscribed',
  manual: 'Suppressed',
  bounce: 'Bounced',
}

function describe(reason: SuppressionReason, from: Exporter, date: string): string {
  const when = date.replace(/[^\w:+., -]/g, '').trim()
  return `${WORDS[reason]} (${TITLES[from]}${when === '' ? '' : `, ${when}`})`
}
