import type { DmarcCheck } from '../../../dns/check/check-domain.ts'
import type { DmarcFinding } from '../../../dns/dmarc/discover.ts'
import type { DnsRecord } from '../../../dns/records/record.ts'
import { suggestedRecords } from '../../../dns/records/sender-domain.ts'
import { problemJson } from '../../../engine/plan/problem-document.ts'
import { defined } from '../../../model/json.ts'
import type { DmarcDocument, DnsDocument, DnsDomainDocument } from '../../../model/run/dns-document.ts'
import { FORMAT_VERSION } from '../../../model/run/plan-document.ts'
import type { CheckedDomain, CheckedSenders } from '../../dns/check-senders.ts'
import type { FoundSender, FoundSenders } from '../../dns/domains.ts'

/** The records of senders as data. */
export function recordsDocument({ domains, awaited }: FoundSenders): DnsDocument {
  return {
    formatVersion: FORMAT_VERSION,
    domains: domains.map((one) => ({
      ...placeOf(one),
      records: suggestedRecords(one.key, one.values).records.map(recordOf),
    })),
    singleSenders: [],
    awaited: awaited.map(({ domain, scope }) => ({ domain, ...scope })),
    problems: [],
  }
}

/** What was found out about them as data. */
export function checkDocument({ awaited }: FoundSenders, { domains, singles, problems }: CheckedSenders): DnsDocument {
  const states = domains.map(stateOf)
  const count = (state: string) => states.filter((one) => one === state).length
  return {
    formatVersion: FORMAT_VERSION,
    domains: domains.map(checkedDomain),
    singleSenders: singles.map(({ key, scope, dmarc }) => ({
      ...{ email: key, ...scope },
      dmarc: dmarcOf({ found: dmarc, dkim: false, spf: false }),
    })),
    awaited: awaited.map(({ domain, scope }) => ({ domain, ...scope })),
    problems: problems.map((problem) => problemJson(problem)),
    summary: { right: count('right'), wrong: count('wrong'), unknown: count('unknown') },
  }
}

/** Whether the records of a domain are right; unknown where no name server answers and nothing else is wrong. */
function stateOf({ check }: Pick<CheckedDomain, 'check'>): 'right' | 'wrong' | 'unknown' {
  const verdicts = check.records.map(({ verdict }) => verdict)
  if (verdicts.some((one) => one !== 'right' && one !== 'unreachable')) return 'wrong'
  return verdicts.includes('unreachable') ? 'unknown' : 'right'
}

function checkedDomain(one: CheckedDomain): DnsDomainDocument {
  const { asked, records, spf, dmarc } = one.check
  return {
    ...placeOf(one),
    records: records.map((record) => {
      const { verdict, reason, waitSeconds } = record
      return { ...recordOf(record), verdict, ...defined({ reason, waitSeconds }) }
    }),
    asked,
    spf: { result: spf.result, lookups: spf.lookups, ...defined({ failure: spf.failure }) },
    dmarc: dmarcOf(dmarc),
  }
}

function placeOf({ key, scope }: FoundSender) {
  return { domain: key, ...scope }
}

function recordOf({ purpose, name, type, value }: DnsRecord) {
  return { purpose, name, type, value }
}

function dmarcOf({ found, dkim, spf }: DmarcCheck): DmarcDocument {
  const { policy, policyDomain, tag, failure }: DmarcFinding = found
  return {
    policy: policy ?? null,
    policyDomain: policyDomain ?? null,
    tag: tag ?? null,
    dkimAligned: dkim ?? null,
    spfAligned: spf ?? null,
    ...defined({ failure }),
  }
}
