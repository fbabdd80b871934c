import type { DnsRecord, DomainRecords } from '../records/record.ts'

/** What stands beside a record, where it needs a word. */
export function noteOn({ purpose }: DnsRecord): string | undefined {
  return purpose === 'dmarc'
    ? 'a suggestion: leave it out if there is a DMARC record already, for two of them cancel each other'
    : undefined
}

/** The heading of a domain: its name, and how people write it where that differs. */
export function headingOf({ domain, shown }: DomainRecords): string {
  return domain === shown ? domain : `${domain} (${shown})`
}

/** How long a resolver may keep a record, in seconds. */
export const TTL = 3600

/** The part of a name below its domain; `@` for the domain itself. */
export function labelIn(domain: string, name: string): string {
  if (name === domain) return '@'
  return name.endsWith(`.${domain}`) ? name.slice(0, -domain.length - 1) : `${name}.`
}
