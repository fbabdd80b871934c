import type { Lint } from './lint.ts'

/** What is odd about the DNS of a sender: `dns --check` looks for these, and nothing else does. Examples are lines of a zone. */
export const dnsLints = [
  {
    code: 'DKIM_MISSING',
    severity: 'warning',
    says: 'The DKIM record of a sender domain is not there: mail is not signed by the domain, and the service does not verify it.',
    fix: 'Publish the record that `mailconfig dns` shows.',
    example: '; no record at s123456._domainkey.shop.example\n',
  },
  {
    code: 'DKIM_WRONG',
    severity: 'warning',
    says: 'There is something else where the DKIM record of a sender domain should be: another target, a TXT record, an address. Mail is not signed by the domain.',
    fix: 'Publish the CNAME that `mailconfig dns` shows, and nothing beside it.',
    example: 's123456._domainkey.shop.example. IN TXT "dkim.smtp2go.net"\n',
  },
  {
    code: 'SPF_MULTIPLE',
    severity: 'warning',
    says: 'A name has more than one SPF record; receivers then use none of them (RFC 7208, section 4.5).',
    fix: 'Put the terms into one record.',
    example: 'shop.example. IN TXT "v=spf1 mx -all"\nshop.example. IN TXT "v=spf1 a -all"\n',
  },
  {
    code: 'SPF_SYNTAX',
    severity: 'warning',
    says: 'An SPF record has a term that is none. Receivers refuse the whole record, or skip what was meant.',
    fix: 'Correct the term.',
    example: 'shop.example. IN TXT "v=spf1 ip:192.0.2.1 -all"\n',
  },
  {
    code: 'SPF_GLUED',
    severity: 'warning',
    says: 'The strings of an SPF record are joined without a space, and two terms become one where one string ends and the next begins.',
    fix: 'Put a space at the end of the first string.',
    example: 'shop.example. IN TXT "v=spf1 ip4:192.0.2.1" "include:_spf.mail.example -all"\n',
  },
  {
    code: 'SPF_LOOKUPS',
    severity: 'warning',
    says: 'An SPF record needs more than ten look-ups with all that it includes; receivers stop there and report an error (RFC 7208, section 4.6.4).',
    fix: 'Remove services that no longer send, or put networks in place of names.',
    example: 'shop.example. IN TXT "v=spf1 a:a1.example a:a2.example … a:a11.example -all"\n',
  },
  {
    code: 'SPF_VOID',
    severity: 'warning',
    says: 'An SPF record has more than two look-ups that find nothing; receivers stop there and report an error.',
    fix: 'Remove the names that do not exist.',
    example: 'shop.example. IN TXT "v=spf1 a:gone1.example a:gone2.example a:gone3.example -all"\n',
  },
  {
    code: 'SPF_LOOP',
    severity: 'warning',
    says: 'An SPF record includes itself, directly or by way of another one.',
    fix: 'Remove the include that leads back.',
    example: 'shop.example. IN TXT "v=spf1 include:shop.example -all"\n',
  },
  {
    code: 'SPF_INCLUDE',
    severity: 'warning',
    says: 'An SPF record includes a name that has no SPF record; receivers report an error.',
    fix: 'Remove the include, or correct the name.',
    example: 'shop.example. IN TXT "v=spf1 include:gone.example -all"\n',
  },
  {
    code: 'SPF_ALL',
    severity: 'warning',
    says: 'An SPF record lets every address of the Internet send (`+all`, or an include that does).',
    fix: 'End the record with `-all` or `~all`.',
    example: 'shop.example. IN TXT "v=spf1 +all"\n',
  },
  {
    code: 'SPF_PTR',
    severity: 'warning',
    says: 'An SPF record uses `ptr`, which RFC 7208 asks not to use: it is slow, and some receivers skip it.',
    fix: 'List networks, or use `a` and `mx`.',
    example: 'shop.example. IN TXT "v=spf1 ptr -all"\n',
  },
  {
    code: 'DMARC_MISSING',
    severity: 'warning',
    says: 'No DMARC record applies to a sender domain. Large receivers ask for one, and without it anybody can write in the name of the domain.',
    fix: 'Publish the record that `mailconfig dns` suggests, then tighten it once reports show that your mail passes.',
    example: '; no record at _dmarc.shop.example\n',
  },
  {
    code: 'DMARC_MULTIPLE',
    severity: 'warning',
    says: 'A name has more than one DMARC record; receivers then use none of them (RFC 9989, section 4.10).',
    fix: 'Keep one.',
    example: '_dmarc.shop.example. IN TXT "v=DMARC1; p=none"\n_dmarc.shop.example. IN TXT "v=DMARC1; p=reject"\n',
  },
  {
    code: 'DMARC_SYNTAX',
    severity: 'warning',
    says: 'A DMARC record has a tag twice, a part that is no tag, or a value that there is not. Receivers skip the part or the whole record.',
    fix: 'Correct the record.',
    example: '_dmarc.shop.example. IN TXT "v=DMARC1; p=rejct"\n',
  },
  {
    code: 'DMARC_GONE',
    severity: 'warning',
    says: 'A DMARC record has `pct`, `rf` or `ri`. RFC 9989 took these tags away, and receivers ignore them: with `pct=10` all mail is judged.',
    fix: 'Remove the tag. To try a policy, use `t=y`.',
    example: '_dmarc.shop.example. IN TXT "v=DMARC1; p=quarantine; pct=10"\n',
  },
  {
    code: 'DMARC_REPORTS',
    severity: 'warning',
    says: 'A DMARC record asks for reports to another organization, which has not said that it takes them (RFC 9990). No report is sent.',
    fix: 'Publish the record that the message names, at the receiver of the reports; or use an address of your own.',
    example: '_dmarc.shop.example. IN TXT "v=DMARC1; p=none; rua=mailto:dmarc@reports.example"\n',
  },
  {
    code: 'DMARC_UNALIGNED',
    severity: 'warning',
    says: 'Mail of a declared sender fails DMARC while the policy of its domain is `quarantine` or `reject`. A single sender is not signed by its domain; a sender domain is not while its records are wrong.',
    fix: 'Make the domain a sender domain, and publish its records.',
    example: '_dmarc.other.example. IN TXT "v=DMARC1; p=reject"\n',
  },
] as const satisfies readonly Lint[]

/** The code of a lint that needs DNS. */
export type DnsLintCode = (typeof dnsLints)[number]['code']
