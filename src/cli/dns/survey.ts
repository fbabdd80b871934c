import { kinds } from '../../apis/index.ts'
import { senderDomain } from '../../apis/smtp2go/kinds/sender-domain.ts'
import { askAsReceiver } from '../../dns/check/as-receivers.ts'
import { checkSingleSender, isEnforcing } from '../../dns/check/check-domain.ts'
import type { DmarcFinding } from '../../dns/dmarc/discover.ts'
import { asciiName } from '../../dns/names/name.ts'
import { senderRecords } from '../../dns/records/sender-domain.ts'
import type { DraftGate } from '../../engine/gates/draft-gate.ts'
import { read } from '../../engine/read/read.ts'
import { formatScope, qualify, type Scope } from '../../model/address.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import type { Spec } from '../../model/desired/spec.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import type { Problem } from '../../model/problem.ts'
import type { Change } from '../../model/run/change.ts'
import type { Live } from '../../model/run/live.ts'
import type { Invocation } from '../invocation/invocation.ts'
import type { Connection } from '../session/connection.ts'
import { dnsCandidates, type PlacedDomain, sendsFrom } from './candidates.ts'
import { collectionsOf, domainOf } from './domains.ts'
import { dnsWorld } from './world.ts'

/** A plan does not wait for DNS for long, in milliseconds. */
const PATIENCE_MS = 2000

/** What DNS says of a domain. */
interface DomainFacts {
  readonly dmarc: DmarcFinding
  /** Of a sender domain: which of its records are wrong, in words, and why that could not be told. */
  readonly wrong: readonly string[]
  readonly failure?: string
}

/** Gates out of DNS: a sender is added whose mail would fail DMARC where that has consequences. A domain that a plan creates has no records yet, and is only noted. */
export function surveyDns(spec: Spec, scopes: readonly Scope[], connection: Connection, invocation: Invocation) {
  const warnings: Problem[] = []
  const notes: string[] = []
  const active = new Set(scopes.map(formatScope))
  const world = dnsWorld(invocation, PATIENCE_MS)
  return {
    warnings: () => warnings,
    notes: () => notes,
    survey: async (early: Live) => {
      const live = await withDomains(early, spec, connection, invocation)
      const senders = dnsCandidates(spec, active, live)
      const facts = new Map<string, DomainFacts>()
      await Promise.all(
        [...new Set(senders.singles.map(({ key }) => domainOf(key)))].map(async (domain) => {
          const dmarc = await checkSingleSender(asciiName(domain), world)
          facts.set(`single ${domain}`, { dmarc, wrong: [] })
        }),
      )
      await Promise.all(
        senders.domains.map(async ({ scope, object }) =>
          facts.set(`${formatScope(scope)} ${object.key}`, await domainFacts(object, world)),
        ),
      )
      return (changes: readonly Change[]): readonly DraftGate[] => {
        warnings.length = 0
        notes.length = 0
        const created = changes.filter(({ action, scope }) => action === 'create' && active.has(formatScope(scope)))
        notes.push(...created.flatMap((change) => (change.kind.name === senderDomain.name ? [newDomain(change)] : [])))
        return [
          ...singleGates(created, senders.singles, facts, warnings),
          ...domainGates(changes, senders.domains, facts, { warnings, active }),
        ]
      }
    },
  }
}

/** What is live, with the sender domains that the spec itself did not need; what the key may not read stays unknown. */
async function withDomains(live: Live, spec: Spec, { send }: Connection, { io }: Invocation): Promise<Live> {
  const missing = spec.scopes
    .map(({ scope }) => scope)
    .filter(
      (scope) =>
        spec.accounts.get(scope.account)?.api === senderDomain.api.name &&
        live.get(formatScope(scope))?.collections.has(senderDomain.name) !== true,
    )
  if (missing.length === 0) return live
  const mains = [...new Set(missing.map(({ account }) => account))].map((account) => ({ account, subaccount: null }))
  const wanted = collectionsOf([...mains, ...missing.filter(({ subaccount }) => subaccount !== null)], {
    singles: false,
  })
  const more = await read(wanted, { kinds, send, signal: io.signal })
  const names = new Set([...live.keys(), ...more.keys()])
  return new Map(
    [...names].map((name) => {
      const [here, there] = [live.get(name), more.get(name)]
      const collections = new Map([...(there?.collections ?? []), ...(here?.collections ?? [])])
      return [name, { id: here?.id ?? there?.id, collections }]
    }),
  )
}

async function domainFacts({ key, values }: LiveObject, world: ReturnType<typeof dnsWorld>): Promise<DomainFacts> {
  const domain = asciiName(key)
  const needed = senderRecords(key, values).filter(({ purpose }) => purpose !== 'tracking')
  const [dmarc, seen] = await Promise.all([checkSingleSender(domain, world), askAsReceiver(domain, needed, world)])
  const silent = seen.find((one) => one.seen === undefined || one.seen.state === 'silent')
  const wrong = seen.flatMap((one) =>
    one.seen === undefined || one.seen.state === 'right' || one.seen.state === 'silent'
      ? []
      : [`${one.record.name} ${one.seen.state === 'missing' ? one.seen.reason : `is not right: ${one.seen.reason}`}`],
  )
  if (silent === undefined || wrong.length > 0) return { dmarc, wrong }
  const why =
    silent.seen?.state === 'silent' ? `${silent.seen.server.name}: ${silent.seen.reason}` : 'there is no resolver'
  return { dmarc, wrong, failure: why }
}

type Facts = ReadonlyMap<string, DomainFacts>

function singleGates(
  created: readonly Change[],
  singles: readonly DesiredObject[],
  facts: Facts,
  warnings: Problem[],
): DraftGate[] {
  const known = new Set(singles.map((one) => qualify(one.scope, one.address)))
  return created.flatMap((change) => {
    if (!known.has(qualify(change.scope, change.address))) return []
    const domain = domainOf(change.key)
    const { dmarc } = facts.get(`single ${domain}`) ?? { dmarc: undefined }
    if (dmarc?.failure !== undefined) warnings.push(unanswered(domain, dmarc.failure, change))
    if (dmarc === undefined || !isEnforcing(dmarc)) return []
    const why = `its mail is not signed by ${domain}, and ${dmarc.policyDomain ?? domain} asks receivers to ${dmarc.policy ?? ''} it`
    return [gateOf(change.scope, change.address, `${change.address}: ${why}`)]
  })
}

function domainGates(
  changes: readonly Change[],
  domains: readonly PlacedDomain[],
  facts: Facts,
  { warnings, active }: { readonly warnings: Problem[]; readonly active: ReadonlySet<string> },
): DraftGate[] {
  return domains.flatMap(({ scope, object }) => {
    const { key, values } = object
    const adds = changes.find(
      (change) => active.has(formatScope(change.scope)) && sendsFrom(change, { scope, key, values }),
    )
    const found = facts.get(`${formatScope(scope)} ${key}`)
    if (adds === undefined || found === undefined) return []
    const address = `${senderDomain.name}/${key}`
    const { dmarc, wrong, failure = dmarc.failure } = found
    if (failure !== undefined && (wrong.length > 0 || isEnforcing(dmarc) || dmarc.failure !== undefined))
      warnings.push(unanswered(key, failure, adds))
    const [first] = wrong
    if (!isEnforcing(dmarc) || first === undefined) return []
    const why = `${wrong.join(', ')}, and ${dmarc.policyDomain ?? key} asks receivers to ${dmarc.policy ?? ''} mail that fails`
    return [gateOf(scope, address, `${address}, from which ${adds.address} would send: ${why}`)]
  })
}

function gateOf(scope: Scope, address: string, reason: string): DraftGate {
  return { code: 'WOULD_FAIL_DMARC', reason, addresses: [qualify(scope, address)], about: `${scope.account} dns` }
}

function unanswered(domain: string, why: string, change: Change): Problem {
  return {
    code: 'DNS_UNANSWERED',
    severity: 'warning',
    message: `${change.address}: it is unknown whether mail from ${domain} would fail DMARC: ${why}`,
    hint: 'try again, or name a resolver with --resolver',
    ...('desired' in change && change.desired !== undefined ? { source: change.desired.source } : {}),
  }
}

function newDomain({ key }: Change): string {
  return `${key} is new: its DNS records are known once it is in the account ("mailconfig dns ${key}"), and the service refuses its mail until they are verified`
}
