import { type DnsServers, startServers, type Zones } from '../../../dns/servers.ts'
import { home } from '../../harness.ts'

/** What the account of these tests has: a domain, one in a subaccount, and a single sender elsewhere. */
export const ACCOUNT = {
  smtp2go: {
    scopes: {
      '': {
        domains: [
          { domain: { fulldomain: 'shop.example', dkim_selector: 's101', rpath_selector: 'em101' } },
          { domain: { fulldomain: 'news.example', dkim_selector: 's102', rpath_selector: 'em102' } },
        ],
        singleSenders: [
          { email_address: 'ceo@other.example', verified: true },
          { email_address: 'ann@shop.example', verified: true },
        ],
      },
      sub001: { domains: [{ domain: { fulldomain: 'acme.example', dkim_selector: 's201', rpath_selector: 'em201' } }] },
    },
    subaccounts: [{ id: 'sub001', name: 'Acme', email: 'it@acme.example' }],
  },
}

/** The spec that goes with it; line 8 is the first domain. */
export const SPEC = `senderDomains:
  - domain: shop.example
  - domain: news.example
singleSenders:
  - ceo@other.example
---
version: 1
account: main
subaccount: Acme
senderDomains:
  - domain: acme.example
`

/** The records of a domain, as they should be. */
export function records(number: number): string {
  return [
    `s${number}._domainkey IN CNAME dkim.smtp2go.net.`,
    `em${number} IN CNAME return.smtp2go.net.`,
    'link IN CNAME track.smtp2go.net.',
  ].join('\n')
}

/** The zones of the domains, all as they should be. */
export const ZONES: Zones = {
  'shop.example': `${records(101)}\n@ IN TXT "v=spf1 mx -all"\n@ IN MX 10 mx.shop.example.\n_dmarc IN TXT "v=DMARC1; p=quarantine"`,
  'news.example': `${records(102)}\n_dmarc IN TXT "v=DMARC1; p=none"`,
  'acme.example': `${records(201)}\n_dmarc IN TXT "v=DMARC1; p=reject; aspf=s"`,
  'other.example': '_dmarc IN TXT "v=DMARC1; p=reject"',
}

/** The options that ask these servers and no other. */
export function asking({ nsd, knot, unbound }: DnsServers): string {
  return `--nameserver ${nsd.name} --nameserver ${knot.name} --resolver ${unbound.name}`
}

/** A home with the account and the spec. */
export async function shopHome(spec = SPEC) {
  const at = await home({ seed: ACCOUNT })
  at.spec(spec)
  return at
}

/** The servers with these zones at both; `knot`: what the second one has instead. */
export async function serve(zones: Zones, knot: Zones = zones): Promise<DnsServers> {
  return await startServers({ nsd: zones, knot })
}
