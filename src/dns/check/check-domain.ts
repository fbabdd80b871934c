import { aligns } from '../dmarc/alignment.ts'
import { type DmarcFinding, discoverDmarc } from '../dmarc/discover.ts'
import { lookupAt } from '../lookup/resolver.ts'
import type { DnsRecord } from '../records/record.ts'
import { type SpfTree, walkSpf } from '../spf/evaluate.ts'
import { checkRecords, type DnsWorld, type RecordsCheck } from './check-records.ts'
import { dmarcFindings } from './dmarc-findings.ts'
import type { DnsFinding } from './finding.ts'
import { spfFindings } from './spf-findings.ts'

/** What becomes of mail from a domain when a receiver looks at DMARC; undefined where that cannot be told. */
export interface DmarcCheck {
  readonly found: DmarcFinding
  /** Whether the signature of the service speaks for the domain. */
  readonly dkim: boolean | undefined
  /** Whether the return path does. */
  readonly spf: boolean | undefined
}

/** All that was found out about a sender domain. */
export interface DomainCheck extends RecordsCheck<DnsRecord> {
  readonly spf: SpfTree
  readonly dmarc: DmarcCheck
  readonly findings: readonly DnsFinding[]
}

/** Looks at the records of a sender domain, its SPF and its DMARC. Never throws. */
export async function checkDomain(
  domain: string,
  records: readonly DnsRecord[],
  world: DnsWorld,
): Promise<DomainCheck> {
  const find = lookupAt(world.resolvers, world.patience)
  const [checked, spf, found] = await Promise.all([
    checkRecords(domain, records, world),
    walkSpf(domain, find),
    discoverDmarc(domain, find),
  ])
  const verdictOf = (purpose: DnsRecord['purpose']) => checked.records.find((one) => one.purpose === purpose)
  const returnPath = verdictOf('returnPath')
  const isThere = (verdict: string | undefined) =>
    verdict === 'unreachable' ? undefined : verdict === 'right' || verdict === 'spreading'
  const dkim = isThere(verdictOf('dkim')?.verdict)
  const reached = isThere(returnPath?.verdict)
  const aligned = returnPath === undefined ? false : await aligns(domain, returnPath.name, 'aspf', found, find)
  const dmarc: DmarcCheck = {
    found,
    dkim,
    spf: reached === true ? aligned : reached === false ? false : aligned === false ? false : undefined,
  }
  return {
    ...checked,
    spf,
    dmarc,
    findings: [
      ...recordFindings(checked),
      ...spfFindings(spf),
      ...(await dmarcFindings(domain, found, find)),
      ...alignmentFindings(domain, dmarc),
    ],
  }
}

/** True where mail that fails DMARC is refused or put aside. */
export function isEnforcing({ policy }: Pick<DmarcFinding, 'policy'>): boolean {
  return policy === 'quarantine' || policy === 'reject'
}

/** The policy that applies to a single sender, whose mail its domain does not sign. */
export async function checkSingleSender(
  domain: string,
  world: Pick<DnsWorld, 'resolvers' | 'patience'>,
): Promise<DmarcFinding> {
  return await discoverDmarc(domain, lookupAt(world.resolvers, world.patience))
}

function recordFindings({ records }: RecordsCheck<DnsRecord>): DnsFinding[] {
  return records.flatMap(({ purpose, verdict, reason, name }): DnsFinding[] => {
    if (purpose !== 'dkim') return []
    if (verdict === 'missing') return [{ code: 'DKIM_MISSING', message: `the DKIM record ${name} ${reason ?? ''}` }]
    if (verdict === 'wrong' || verdict === 'flattened')
      return [{ code: 'DKIM_WRONG', message: `the DKIM record ${name} ${worded(reason ?? '')}` }]
    return []
  })
}

function worded(reason: string): string {
  return /^(?:is|has) /.test(reason) ? reason : `is not right: ${reason}`
}

function alignmentFindings(domain: string, { found, dkim, spf }: DmarcCheck): DnsFinding[] {
  if (!isEnforcing(found) || dkim !== false || spf !== false) return []
  return [
    {
      code: 'DMARC_UNALIGNED',
      message: `mail from ${domain} fails DMARC, and ${found.policyDomain ?? domain} asks receivers to ${found.policy ?? ''} it`,
    },
  ]
}
