import { list, object, oneOf, optional, orNull, type TypeOf, text, truth, whole } from '../shape.ts'
import { problemDocument, version } from './plan-document.ts'

const policy = oneOf('none', 'quarantine', 'reject')

const dmarc = object({
  /** What receivers do with mail that fails; null: no record says. */
  policy: orNull(policy),
  /** Where the record is. */
  policyDomain: orNull(text()),
  /** The tag of it that decides. */
  tag: orNull(oneOf('p', 'sp', 'np')),
  /** Whether the signature of the service speaks for the domain; null: it cannot be told. */
  dkimAligned: orNull(truth),
  /** Whether the return path does. */
  spfAligned: orNull(truth),
  /** Why it could not be told. */
  failure: optional(text()),
})

const record = object({
  purpose: oneOf('dkim', 'returnPath', 'tracking', 'dmarc'),
  /** The full name, ASCII, without a dot at the end. */
  name: text(),
  type: oneOf('CNAME', 'TXT'),
  /** What a CNAME points to, or the text. */
  value: text(),
  /** What name servers and resolvers say; with `--check`. */
  verdict: optional(oneOf('right', 'missing', 'wrong', 'spreading', 'flattened', 'unreachable')),
  reason: optional(text()),
  /** How many seconds a resolver may remember what it was told before. */
  waitSeconds: optional(whole()),
})

const domain = object({
  domain: text(),
  account: text(),
  subaccount: orNull(text()),
  records: list(record),
  /** The servers that were asked. */
  asked: optional(list(text())),
  spf: optional(
    object({
      /** What a receiver makes of it for an address that nothing matches; `none`: there is no record. */
      result: oneOf('pass', 'fail', 'softfail', 'neutral', 'none', 'permerror', 'temperror'),
      /** Terms that cost a look-up, of ten. */
      lookups: whole(),
      failure: optional(text()),
    }),
  ),
  dmarc: optional(dmarc),
})

/** The DNS of sender domains: what `dns --format json` prints. */
export const dnsDocument = object({
  formatVersion: version,
  domains: list(domain),
  /** Single senders, with what becomes of their mail where their domain does not sign it; with `--check`. */
  singleSenders: list(object({ email: text(), account: text(), subaccount: orNull(text()), dmarc })),
  /** Domains that the spec declares and the account does not have yet. */
  awaited: list(object({ domain: text(), account: text(), subaccount: orNull(text()) })),
  problems: list(problemDocument),
  /** Domains, with `--check`. */
  summary: optional(object({ right: whole(), wrong: whole(), unknown: whole() })),
})
/** The DNS of sender domains. */
export type DnsDocument = TypeOf<typeof dnsDocument>
/** The DNS of one of them. */
export type DnsDomainDocument = DnsDocument['domains'][number]
/** What becomes of mail that fails DMARC, and whether it does. */
export type DmarcDocument = NonNullable<DnsDomainDocument['dmarc']>
