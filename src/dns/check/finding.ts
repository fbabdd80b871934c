import type { DnsLintCode } from '../../model/lint/dns.ts'

/** Something odd that was found in DNS. */
export interface DnsFinding {
  readonly code: DnsLintCode
  readonly message: string
  /** What to do, where that is more than what the lint says. */
  readonly hint?: string
}
