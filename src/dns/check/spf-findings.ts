import { isFatal, SPF_LIMITS, type SpfNode, type SpfTree } from '../spf/evaluate.ts'
import { gluedTerms, type SpfFault } from '../spf/terms.ts'
import type { DnsFinding } from './finding.ts'

/** What is odd about the SPF record of a domain, with all that it brings in. */
export function spfFindings({ root, lookups, voids, ptr, loops }: SpfTree): DnsFinding[] {
  const found: DnsFinding[] = nodesOf(root).flatMap((node) => [...nodeFindings(node), ...includeFindings(node)])
  if (lookups > SPF_LIMITS.lookups && loops.length === 0)
    found.push({
      code: 'SPF_LOOKUPS',
      message: `the SPF record of ${root.domain} needs ${lookups} look-ups, and receivers stop at ${SPF_LIMITS.lookups}: ${costs(root)}`,
    })
  if (voids.length > SPF_LIMITS.voids)
    found.push({
      code: 'SPF_VOID',
      message: `${voids.length} look-ups of the SPF record of ${root.domain} find nothing, and receivers stop at ${SPF_LIMITS.voids}: ${[...new Set(voids)].join(', ')}`,
    })
  for (const name of new Set(loops))
    found.push({ code: 'SPF_LOOP', message: `the SPF record of ${name} leads back to itself` })
  for (const term of ptr) found.push({ code: 'SPF_PTR', message: `SPF record of ${term}` })
  if (root.result === 'pass')
    found.push({ code: 'SPF_ALL', message: `the SPF record of ${root.domain} lets every address send` })
  return unique(found)
}

function nodesOf(node: SpfNode): SpfNode[] {
  return [node, ...node.children.flatMap((branch) => (branch.node === undefined ? [] : nodesOf(branch.node)))]
}

function nodeFindings({ domain, records, faults }: SpfNode): DnsFinding[] {
  const multiple: DnsFinding[] =
    records.length > 1 ? [{ code: 'SPF_MULTIPLE', message: `${domain} has ${records.length} SPF records` }] : []
  const glued = gluedAtSeams(records[0] ?? [])
  return [
    ...multiple,
    ...[...glued].map(([text, meant]) => gluedFinding(domain, text, meant)),
    ...faults.filter(({ text }) => !glued.has(text)).map((fault) => faultFinding(domain, fault)),
  ]
}

/** How a term begins that cannot be the rest of another one. */
const BEGINNING = /^[+\-?~]?(?:all(?= |$)|(?:include|exists|ip4|ip6|a|mx|ptr):|(?:redirect|exp)=)/i

/** Words of a record that are two terms, because a string ends between them; each with what was meant. Where a string just ends in a name, nothing is wrong. */
function gluedAtSeams(strings: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    strings.slice(1).flatMap((string, at): [string, string][] => {
      const before = strings.slice(0, at + 1).join('')
      const first = /[^ ]*$/.exec(before)?.[0] ?? ''
      const second = /^[^ ]*/.exec(string + strings.slice(at + 2).join(''))?.[0] ?? ''
      return first === '' || /[:=]$/.test(first) || !BEGINNING.test(second)
        ? []
        : [[first + second, `${first} ${second}`]]
    }),
  )
}

function gluedFinding(domain: string, text: string, meant: string): DnsFinding {
  return {
    code: 'SPF_GLUED',
    message: `SPF record of ${domain}: "${text}" is two terms without a space`,
    hint: `was "${meant}" meant?`,
  }
}

function faultFinding(domain: string, fault: SpfFault): DnsFinding {
  const { text, why, meant } = fault
  if (gluedTerms(text) !== undefined && meant !== undefined) return gluedFinding(domain, text, meant)
  const skipped = isFatal(fault) ? '' : ', so nothing is allowed by it'
  const hint = meant === undefined ? {} : { hint: `was "${meant}" meant?` }
  return { code: 'SPF_SYNTAX', message: `SPF record of ${domain}: "${text}" ${why}${skipped}`, ...hint }
}

/** A name in DNS may have nearly any letter, so that two terms in one can pass for an include. */
function includeFindings({ domain, children }: SpfNode): DnsFinding[] {
  return children.flatMap(({ term, node }): DnsFinding[] => {
    if (node?.result !== 'none') return []
    const meant = gluedTerms(term)
    if (meant !== undefined) return [gluedFinding(domain, term, meant)]
    return [{ code: 'SPF_INCLUDE', message: `SPF record of ${domain}: ${term} names a domain without an SPF record` }]
  })
}

/** Which includes cost the most. */
function costs({ children }: SpfNode): string {
  return children
    .map(({ term, node }) => ({ term, cost: 1 + (node?.lookups ?? 0) }))
    .sort((a, b) => b.cost - a.cost)
    .slice(0, 3)
    .map(({ term, cost }) => `${term} ${cost}`)
    .join(', ')
}

function unique(findings: readonly DnsFinding[]): DnsFinding[] {
  return [...new Map(findings.map((one) => [`${one.code} ${one.message}`, one])).values()]
}
