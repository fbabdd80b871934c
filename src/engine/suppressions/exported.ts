import { isRecord } from '../../model/json.ts'

/** Services whose exports are known, and `csv` for any list with a column of addresses. */
export const EXPORTERS = ['sendgrid', 'mailgun', 'postmark', 'ses', 'csv'] as const
/** One of them. */
export type Exporter = (typeof EXPORTERS)[number]

/** Why an address was suppressed, the strongest reason first: what somebody asked for counts more than what a server said. */
export const REASONS = ['complaint', 'unsubscribe', 'manual', 'bounce'] as const
/** One of them. */
export type SuppressionReason = (typeof REASONS)[number]

/** A row of an export, as far as it is understood. */
interface ExportedRow {
  readonly address: string
  readonly reason: SuppressionReason
  /** As the service writes it; empty where it does not. */
  readonly date: string
}

/** A row by the names of its columns, in lower case without anything but letters. */
export type NamedRow = ReadonlyMap<string, string>

/** The name of a column in the letters that count: `Email Address` and `email_address` are one. */
export function columnName(text: string): string {
  return text.toLowerCase().replace(/[^a-z]/g, '')
}

/** Whose export has these columns; undefined where none of them holds an address. */
export function exporterOf(columns: readonly string[]): Exporter | undefined {
  const has = (...names: readonly string[]) => names.every((one) => columns.includes(one))
  if (has('emailaddress', 'suppressionreason')) return 'postmark'
  if (has('emailaddress', 'reason', 'lastupdatetime')) return 'ses'
  if (has('address', 'createdat')) return 'mailgun'
  if (has('email', 'created')) return 'sendgrid'
  return columns.some((one) => ADDRESS_COLUMNS.includes(one)) ? 'csv' : undefined
}

const ADDRESS_COLUMNS = ['address', 'email', 'emailaddress', 'recipient', 'mail']

/**
 * A row of an export. Sources: SendGrid's v3 suppression calls, Mailgun's import formats, Postmark's suppression dump, SES v2's
 * ListSuppressedDestinations. SendGrid's lists of complaints and unsubscriptions look alike: `name`, that of the file, tells them apart.
 */
export function readExported(from: Exporter, row: NamedRow, name: string): ExportedRow | undefined {
  const text = (...columns: readonly string[]) => columns.flatMap((one) => row.get(one) || [])[0] ?? ''
  const address = text(...ADDRESS_COLUMNS).trim()
  if (address === '') return undefined
  switch (from) {
    case 'postmark': {
      const why = text('suppressionreason').toLowerCase()
      const isTheirs = text('origin').toLowerCase() === 'recipient'
      const reason = why.includes('bounce')
        ? 'bounce'
        : why.includes('spam')
          ? 'complaint'
          : isTheirs
            ? 'unsubscribe'
            : 'manual'
      return { address, reason, date: text('createdat') }
    }
    case 'ses':
      return {
        address,
        reason: text('reason').toLowerCase() === 'complaint' ? 'complaint' : 'bounce',
        date: text('lastupdatetime'),
      }
    case 'mailgun': {
      const reason = row.has('code') || row.has('error') ? 'bounce' : row.has('tags') ? 'unsubscribe' : 'complaint'
      return { address, reason, date: text('createdat') }
    }
    case 'sendgrid': {
      const isBounce = row.has('reason') || row.has('status')
      const reason = isBounce ? 'bounce' : row.has('ip') ? 'complaint' : (reasonIn(name) ?? 'unsubscribe')
      return { address, reason, date: text('created') }
    }
    case 'csv':
      return {
        address,
        reason:
          reasonIn(text('reason', 'suppressionreason', 'type', 'status', 'description')) ?? reasonIn(name) ?? 'manual',
        date: text('date', 'created', 'createdat', 'timestamp'),
      }
  }
}

/** The reason that a word of a service or the name of a file speaks of. */
function reasonIn(text: string): SuppressionReason | undefined {
  if (/spam|complain|abuse/i.test(text)) return 'complaint'
  if (/unsub|opt(?:ed)?.?out/i.test(text)) return 'unsubscribe'
  return /bounce|invalid|block|undeliver/i.test(text) ? 'bounce' : undefined
}

/** The rows of an export in JSON: a list, or an object that holds one. */
export function* jsonRows(json: unknown): Generator<NamedRow> {
  const list = Array.isArray(json) ? json : isRecord(json) ? Object.values(json).find(Array.isArray) : undefined
  for (const one of Array.isArray(list) ? list : []) {
    if (!isRecord(one)) continue
    yield new Map(
      Object.entries(one).map(([name, value]) => [
        columnName(name),
        typeof value === 'string' || typeof value === 'number' ? String(value) : '',
      ]),
    )
  }
}
