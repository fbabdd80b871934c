import { checkDomain, checkSingleSender, type DomainCheck, isEnforcing } from '../../dns/check/check-domain.ts'
import type { DnsWorld } from '../../dns/check/check-records.ts'
import type { DnsFinding } from '../../dns/check/finding.ts'
import type { DmarcFinding } from '../../dns/dmarc/discover.ts'
import { asciiName } from '../../dns/names/name.ts'
import { senderRecords } from '../../dns/records/sender-domain.ts'
import { formatAddress } from '../../model/address.ts'
import { defined } from '../../model/json.ts'
import { allLints } from '../../model/lint/all-lints.ts'
import type { Problem } from '../../model/problem.ts'
import { domainOf, type FoundSender, type FoundSenders } from './domains.ts'

/** A sender domain with what DNS says of it. */
export interface CheckedDomain extends FoundSender {
  readonly check: DomainCheck
}

/** A single sender with the policy that its mail meets. */
interface CheckedSingle extends FoundSender {
  readonly dmarc: DmarcFinding
}

/** Everything that DNS says of the senders of accounts. */
export interface CheckedSenders {
  readonly domains: readonly CheckedDomain[]
  readonly singles: readonly CheckedSingle[]
  /** What is odd, at the levels that the spec sets. */
  readonly problems: readonly Problem[]
}

/** How many domains are looked at side by side. */
const AT_ONCE = 8

/** Looks at the DNS of all senders. */
export async function checkSenders(senders: FoundSenders, world: DnsWorld): Promise<CheckedSenders> {
  const domains = await inTurns(senders.domains, async (one) => ({
    ...one,
    check: await checkDomain(asciiName(one.key), senderRecords(one.key, one.values), world),
  }))
  const alone = senders.singles.filter(({ within }) => within !== 'verified')
  const singles = await inTurns(alone, async (one) => ({
    ...one,
    dmarc: await checkSingleSender(asciiName(domainOf(one.key)), world),
  }))
  const found = [
    ...domains.flatMap((sender) =>
      sender.check.findings.map((finding) => ({ sender, finding, kind: 'senderDomains' })),
    ),
    ...singles.flatMap((sender) =>
      singleFindings(sender).map((finding) => ({ sender, finding, kind: 'singleSenders' })),
    ),
  ]
  const declared = found.flatMap(({ sender: { declared: object }, finding }) =>
    object === undefined ? [] : [{ ...finding, object }],
  )
  const judged = (await senders.loaded?.judge(declared)) ?? []
  const others = found.flatMap(({ sender, finding, kind }) =>
    sender.declared === undefined ? [problemOf(formatAddress(kind, sender.key), finding)] : [],
  )
  return { domains, singles, problems: [...judged, ...others] }
}

function singleFindings({ key, dmarc, within }: CheckedSingle): DnsFinding[] {
  if (!isEnforcing(dmarc)) return []
  const domain = domainOf(key)
  const hint =
    within === undefined ? {} : { hint: `the sender domain ${domain} is not verified yet: mailconfig verify ${domain}` }
  return [{ code: 'DMARC_UNALIGNED', message: failsBecause(domain, dmarc), ...hint }]
}

/** Why the mail of a single sender fails, in a sentence. */
function failsBecause(domain: string, { policy = 'none', policyDomain = domain }: DmarcFinding): string {
  return `its mail is not signed by ${domain}, and ${policyDomain} asks receivers to ${policy} it`
}

function problemOf(address: string, { code, message, hint }: DnsFinding): Problem {
  const fix = allLints.find((one) => one.code === code)?.fix
  return { code, severity: 'warning', message: `${address}: ${message}`, ...defined({ hint: hint ?? fix }) }
}

async function inTurns<T, R>(items: readonly T[], make: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let at = 0; at < items.length; at += AT_ONCE)
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(make))))
  return results
}
