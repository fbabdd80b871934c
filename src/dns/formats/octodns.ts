import type { DnsRecord, DomainRecords } from '../records/record.ts'
import { headingOf, labelIn, noteOn, TTL } from './notes.ts'

/** Files of octoDNS, one document for each zone, its names in octoDNS's order. */
export function octodnsText(domains: readonly DomainRecords[]): string {
  const documents = domains.map((one) => {
    const records = one.records
      .map((record) => ({ record, label: labelIn(one.domain, record.name) }))
      .sort((a, b) => inOrder(a.label, b.label))
    return [
      '---',
      `# ${one.domain}.yaml: ${headingOf(one)}`,
      '# Semicolons are escaped, as octoDNS reads them with its default of today, escaped_semicolons: true.',
      ...records.flatMap(({ record, label }) => entryOf(label, record)),
    ].join('\n')
  })
  return `${documents.join('\n')}\n`
}

function entryOf(label: string, record: DnsRecord): string[] {
  const note = noteOn(record)
  const value = record.type === 'CNAME' ? `${record.value}.` : record.value.replace(/;/g, '\\;')
  return [
    ...(note === undefined ? [] : [`# ${note}`]),
    `${scalar(label === '@' ? '' : label)}:`,
    `  ttl: ${TTL}`,
    `  type: ${record.type}`,
    `  value: ${scalar(value)}`,
  ]
}

/** A text in single quotes, in which the doubled quote is the only escape of YAML. */
function scalar(text: string): string {
  return `'${text.replace(/'/g, "''")}'`
}

/** Octodns refuses a file whose names are out of order; runs of digits count as numbers. */
function inOrder(one: string, other: string): number {
  const [a, b] = [one, other].map((text) => text.split(/(\d+)/))
  for (const [at, part] of (a ?? []).entries()) {
    const their = b?.[at]
    if (their === undefined) return 1
    if (part === their) continue
    return at % 2 === 1 ? Number(part) - Number(their) : part < their ? -1 : 1
  }
  return (a?.length ?? 0) - (b?.length ?? 0)
}
