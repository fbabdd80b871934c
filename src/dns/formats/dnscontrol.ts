import type { DnsRecord, DomainRecords } from '../records/record.ts'
import { headingOf, labelIn, noteOn, TTL } from './notes.ts'

/** Statements of DNSControl that add the records to domains which are declared elsewhere. */
export function dnscontrolText(domains: readonly DomainRecords[]): string {
  return `${domains
    .map((one) =>
      [
        `// ${headingOf(one)}`,
        `D_EXTEND(${JSON.stringify(one.domain)},`,
        ...one.records.flatMap((record) => linesOf(one.domain, record)),
        ');',
      ].join('\n'),
    )
    .join('\n\n')}\n`
}

function linesOf(domain: string, record: DnsRecord): string[] {
  const note = noteOn(record)
  const value = record.type === 'CNAME' ? `${record.value}.` : record.value
  const words = [labelIn(domain, record.name), value].map((word) => JSON.stringify(word))
  return [...(note === undefined ? [] : [`  // ${note}`]), `  ${record.type}(${words.join(', ')}, TTL(${TTL})),`]
}
