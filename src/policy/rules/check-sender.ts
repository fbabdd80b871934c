import { coveringEntry, domainOf } from '../state/addresses.ts'
import type { Policy, Verified } from '../state/policy.ts'
import type { Check } from './check-login.ts'
import type { RuleCode } from './rules.ts'
import type { Case, Finding } from './verdict.ts'

/** The rules about the sender that speak before the message is read. */
export const SENDER_CHECKS: readonly (readonly [RuleCode, Check])[] = [
  ['BLANK_SENDER', blank],
  ['SENDER_DOMAIN_MISSING', domainMissing],
  ['SENDER_LIST', senderList],
]

/** The rule that speaks when the message was read. */
export const VERIFICATION_CHECKS: readonly (readonly [RuleCode, Check])[] = [['SENDER_UNVERIFIED', unverified]]

function blank({ policy, envelope }: Case): Finding | undefined {
  if (envelope !== '' || policy.facts.blankSenders) return undefined
  return { because: 'the envelope sender is empty', fix: 'blank senders, which the web console alone can allow' }
}

function domainMissing({ policy, envelope }: Case): Finding | undefined {
  const { publishedNames: names } = policy.facts
  const domain = domainOf(envelope)
  if (names === undefined || domain === '') return undefined
  const exists = [...names].some((name) => name === domain || name.endsWith(`.${domain}`))
  if (exists) return undefined
  return { because: `nothing is published for ${domain}: no MX record, no address`, fix: `an MX record of ${domain}` }
}

function senderList(by: Case): Finding | undefined {
  const { mode, entries, source, isKnown } = by.policy.senders
  if (!isKnown) by.assumes.push({ what: 'allowedSenders is disabled: nothing says otherwise' })
  if (mode === 'disabled' || by.envelope === '') return undefined
  const entry = coveringEntry(entries, by.envelope)
  if (mode === 'allow' && entry === undefined)
    return {
      because: `allowedSenders is in the mode "allow" and lacks ${by.envelope}`,
      fix: `${by.envelope} or ${domainOf(by.envelope)} in allowedSenders.entries`,
      source,
    }
  if (mode === 'block' && entry !== undefined)
    return {
      because: `allowedSenders is in the mode "block" and has ${entry}`,
      fix: `allowedSenders.entries without ${entry}`,
      source,
    }
  return undefined
}

function unverified(by: Case): Finding | undefined {
  if (by.policy.senders.mode !== 'disabled') return undefined
  for (const [address, where] of [
    [by.header, 'From header'],
    [by.envelope, 'envelope'],
  ] as const) {
    if (address === '') continue
    const found = verifiedSender(by.policy, address)
    if (found?.how.verified === 'yes') continue
    if (found?.how.verified === 'assumed') {
      assume(by, found)
      continue
    }
    const domain = domainOf(address)
    return {
      because:
        found === undefined
          ? `no verified sender covers ${domain || address} (${where})`
          : `${found.name} is not verified yet (${where})`,
      fix: `${domain || address} under senderDomains, verified`,
      source: found?.how.source,
      about: { domain },
    }
  }
  return undefined
}

function assume(by: Case, { name, how }: Covering): void {
  const what = `${name} is verified`
  if (by.assumes.some((one) => one.what === what)) return
  by.assumes.push({ what, ...(how.source === undefined ? {} : { source: how.source }) })
}

interface Covering {
  readonly name: string
  readonly how: Verified
}

const RANK = { yes: 0, assumed: 1, no: 2 } as const

/** The best of what covers an address: its domain, a domain above it where the service counts that, or itself as a single sender. */
export function verifiedSender({ domains, singleSenders, facts }: Policy, address: string): Covering | undefined {
  const domain = domainOf(address)
  const names = facts.coversSubdomains ? upwards(domain) : [domain]
  const covering = [
    ...names.map((name) => [name, domains.get(name)] as const),
    [address, singleSenders.get(address)] as const,
  ].flatMap(([name, how]) => (how === undefined ? [] : [{ name, how }]))
  return covering.toSorted((a, b) => RANK[a.how.verified] - RANK[b.how.verified])[0]
}

/** A domain and those above it: `a.b.example`, `b.example`, `example`. */
function upwards(domain: string): string[] {
  const labels = domain.split('.')
  return labels.map((_, at) => labels.slice(at).join('.'))
}
