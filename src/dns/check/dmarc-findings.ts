import { type DmarcFinding, organizationOf } from '../dmarc/discover.ts'
import { type DmarcRecord, isDmarcRecord, isPolicy, reportHosts } from '../dmarc/record.ts'
import { type Lookup, textsIn } from '../lookup/lookup.ts'
import { asciiName } from '../names/name.ts'
import type { DnsFinding } from './finding.ts'

/** Tags that were in RFC 7489 and are in RFC 9989 no more. */
const GONE = ['pct', 'rf', 'ri']

/** What is odd about the DMARC record that applies to a domain. */
export async function dmarcFindings(domain: string, found: DmarcFinding, find: Lookup): Promise<DnsFinding[]> {
  const { record, policyDomain, doubled, invalid, failure } = found
  const findings: DnsFinding[] = [
    ...doubled.map((name) => ({
      code: 'DMARC_MULTIPLE' as const,
      message: `_dmarc.${name} has more than one DMARC record`,
    })),
    ...invalid.map((name) => ({
      code: 'DMARC_SYNTAX' as const,
      message: `the record of _dmarc.${name} has a tag twice`,
    })),
  ]
  if (record === undefined || policyDomain === undefined)
    return failure === undefined && findings.length === 0
      ? [{ code: 'DMARC_MISSING', message: `no DMARC record applies to ${domain}` }]
      : findings
  return [...findings, ...tagFindings(policyDomain, record), ...(await reportFindings(policyDomain, record, find))]
}

function tagFindings(domain: string, { tags, strays }: DmarcRecord): DnsFinding[] {
  const place = `the record of _dmarc.${domain}`
  const bad = ['p', 'sp', 'np'].flatMap((tag) => {
    const value = tags.get(tag)
    if (value === undefined) return tag === 'p' ? [`${place} has no p`] : []
    return isPolicy(value) ? [] : [`${place} has ${tag}=${value}, and there is none, quarantine and reject`]
  })
  const stray = strays.map((part) => `${place} has "${part}", which is no tag`)
  const cased = [...tags.keys()].filter((name) => name !== name.toLowerCase() && name !== 'V')
  const gone = GONE.filter((tag) => tags.has(tag))
  return [
    ...[...bad, ...stray, ...cased.map((name) => `${place} has "${name}"; the names of tags are in small letters`)].map(
      (message) => ({ code: 'DMARC_SYNTAX' as const, message }),
    ),
    ...(gone.length === 0
      ? []
      : [{ code: 'DMARC_GONE' as const, message: `${place} has ${gone.join(', ')}, which receivers ignore now` }]),
  ]
}

/** Reports to another organization need its word, at a name made of the domain that has the policy and the receiver's (RFC 9990). */
async function reportFindings(domain: string, record: DmarcRecord, find: Lookup): Promise<DnsFinding[]> {
  const own = await organizationOf(domain, find)
  const hosts = [...new Map(reportHosts(record).map((one) => [asciiName(one.host), one])).entries()]
  const findings = await Promise.all(
    hosts.map(async ([host, { uri }]): Promise<DnsFinding[]> => {
      const theirs = await organizationOf(host, find)
      if (own === undefined || theirs === undefined || own === theirs) return []
      const place = `${domain}._report._dmarc.${host}`
      const found = await find(place, 'TXT')
      if (found.state === 'failed') return []
      if (textsIn(found).some((strings) => isDmarcRecord(strings.join('').trim()))) return []
      return [
        {
          code: 'DMARC_REPORTS',
          message: `${uri} has not agreed to reports about ${domain}: there is no ${place}`,
          hint: `at ${host}, publish: ${place}. IN TXT "v=DMARC1"`,
        },
      ]
    }),
  )
  return findings.flat()
}
