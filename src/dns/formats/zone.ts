import { type DnsRecord, type DomainRecords, stringsOf } from '../records/record.ts'
import { headingOf, noteOn, TTL } from './notes.ts'

/** A piece of a zone file (RFC 1035), with full names, so that it may stand in any zone that has them. */
export function zoneText(domains: readonly DomainRecords[]): string {
  const blocks = domains.map((one) => {
    const names = one.records.map(({ name }) => `${name}.`)
    const width = Math.max(...names.map(({ length }) => length))
    const lines = one.records.flatMap((record, at) => {
      const note = noteOn(record)
      const line = `${(names[at] ?? '').padEnd(width)} ${TTL} IN ${record.type.padEnd(5)} ${dataOf(record)}`
      return note === undefined ? [line] : [`; ${note}`, line]
    })
    return [`; ${headingOf(one)}`, ...lines].join('\n')
  })
  return `${blocks.join('\n\n')}\n`
}

function dataOf({ type, value }: DnsRecord): string {
  return type === 'CNAME' ? `${value}.` : quotedStrings(value)
}

/** A text as the strings of a zone file, each at most 255 octets: `"one" "two"`. */
export function quotedStrings(text: string): string {
  return stringsOf(text).map(quoted).join(' ')
}

/** In quotes, with what a reader would take for the end of it escaped; beyond ASCII as three digits for each octet. */
function quoted(text: string): string {
  const inner = [...Buffer.from(text)].map((octet) => {
    if (octet === 0x22 || octet === 0x5c) return `\\${String.fromCharCode(octet)}`
    return octet < 0x20 || octet > 0x7e ? `\\${String(octet).padStart(3, '0')}` : String.fromCharCode(octet)
  })
  return `"${inner.join('')}"`
}
