import { globMatches } from '../model/address.ts'
import type { SpecTest } from '../model/desired/spec-test.ts'
import { defined } from '../model/json.ts'
import { canonicalCidr } from '../model/value/network.ts'
import { cutAddresses, witnessOf } from './classes.ts'
import { judge } from './judge.ts'
import type { Verdict } from './rules/verdict.ts'
import { domainOf } from './state/addresses.ts'
import type { Message, Policy, SignIn } from './state/policy.ts'

/** What came of one test. */
export interface TestResult {
  readonly test: SpecTest
  /** How many combinations were judged. */
  readonly combinations: number
  /** The first combination that does not hold, and why; undefined where all do. */
  readonly failed?: { readonly combination: string; readonly because: string; readonly hint?: string }
}

/** What stands for anything that is left out: a login, a sender and a recipient that nothing stops. */
const LOGIN = 'a login that may send'
const FREE = 'somebody@passes.invalid'
/** The local part of somebody whom no entry names. */
const NOBODY = 'anybody-else'

/** Judges every combination of a test. */
export function runTest(test: SpecTest, given: Policy, at: number): TestResult {
  const policy = withWhatPasses(given)
  const as = test.as.length === 0 ? [{ as: signIn('user', LOGIN) }] : test.as.flatMap((glob) => loginsIn(policy, glob))
  const from = test.from.length === 0 ? [FREE] : test.from.flatMap((glob) => sendersIn(policy, glob))
  const header = test.headerFrom.length === 0 ? [undefined] : test.headerFrom.flatMap((glob) => sendersIn(policy, glob))
  const ip = test.ip.length === 0 ? [undefined] : test.ip.flatMap((one) => addressesIn(policy, one))
  const to = test.to.length === 0 ? [FREE] : test.to.flatMap((glob) => recipientsIn(policy, glob))
  if (as.length === 0)
    return { test, combinations: 0, failed: { combination: test.as.join(', '), because: 'no login matches' } }
  let combinations = 0
  for (const one of as)
    for (const sender of from)
      for (const headerFrom of header)
        for (const address of ip)
          for (const recipient of to) {
            combinations += 1
            const message: Message = {
              as: one.as,
              from: sender,
              to: [recipient],
              at,
              ...defined({ headerFrom, ip: one.ip ?? address }),
            }
            const why = broken(test, judge(policy, message))
            if (why !== undefined)
              return {
                test,
                combinations,
                failed: { combination: inWords(message), because: why, ...hintFor(test, why) },
              }
          }
  return { test, combinations }
}

const signIn = (by: 'user' | 'key', name: string): SignIn => ({ by, name })

/** Who signs in; one without a login does so from its own address. */
interface Signing {
  readonly as: SignIn
  readonly ip?: string
}

/** A policy in which what a test leaves out is let through. */
function withWhatPasses(policy: Policy): Policy {
  const domain = domainOf(FREE)
  const { senders, recipients } = policy
  return {
    ...policy,
    users: new Map([...policy.users, [LOGIN, { name: LOGIN, status: 'allowed' }]]),
    domains: new Map([...policy.domains, [domain, { verified: 'yes' }]]),
    senders: senders.mode === 'allow' ? { ...senders, entries: new Set([...senders.entries, domain]) } : senders,
    recipients: { ...recipients, entries: new Set([...recipients.entries, domain]) },
  }
}

/** The logins that `smtpUsers/*`, `apiKeys/…` or `ipAuth/…` means. */
function loginsIn(policy: Policy, glob: string): Signing[] {
  const users = [...policy.users.keys()].filter((name) => name !== LOGIN && globMatches(glob, `smtpUsers/${name}`))
  const keys = [...policy.keys.keys()].filter((name) => globMatches(glob, `apiKeys/${name}`))
  const addresses = [...policy.addresses.keys()].filter((name) => globMatches(glob, `ipAuth/${name}`))
  return [
    ...users.map((name) => ({ as: signIn('user', name) })),
    ...keys.map((name) => ({ as: signIn('key', name) })),
    ...addresses.map((ip): Signing => ({ as: { by: 'ip' }, ip })),
  ]
}

/** The senders that a glob means: those that entries name, and one whom none does. */
function sendersIn({ senders, singleSenders, domains }: Policy, glob: string): string[] {
  return matching(glob, [...senders.entries, ...singleSenders.keys(), ...domains.keys()])
}

function recipientsIn({ recipients, suppressions }: Policy, glob: string): string[] {
  return matching(glob, [...recipients.entries, ...suppressions.keys()])
}

/** Every address that entries tell apart and that a glob matches: by name, by domain, and by nothing. */
function matching(glob: string, entries: readonly string[]): string[] {
  if (!glob.includes('*')) return [glob]
  const named = entries.filter((one) => one.includes('@') && globMatches(glob.toLowerCase(), one))
  const byDomain = entries.map((one) => `${NOBODY}@${one.includes('@') ? domainOf(one) : one}`)
  const others = [...byDomain, glob.replaceAll('*', NOBODY)].filter(
    (one) => one.includes('@') && globMatches(glob.toLowerCase(), one),
  )
  return [...new Set([...named, ...others])]
}

/** An address, or one for each part of a network that the lists cut. */
function addressesIn({ smtpNetworks, apiNetworks, addresses }: Policy, text: string): string[] {
  const network = canonicalCidr(text)
  if (network === undefined || !network.includes('/')) return [network ?? text]
  const lists = [...smtpNetworks.networks, ...apiNetworks.networks, ...addresses.keys()]
  const [own] = cutAddresses([network]).filter((run) => witnessOf(run) === network.split('/')[0])
  const runs = cutAddresses([...lists, network])
  return runs
    .filter(({ version, first, last }) => own?.version === version && first >= own.first && last <= own.last)
    .map(witnessOf)
}

/** Why a verdict is not what a test expects; undefined where it is. */
function broken({ expect, rule }: SpecTest, { recipients, failures }: Verdict): string | undefined {
  const [one] = recipients
  const fate = one?.fate ?? 'refused'
  const reasons = failures.map(({ rule: code, because }) => `${code}: ${because}`).join('; ')
  const found = {
    delivered: 'accepted',
    queued: 'accepted',
    refused: 'refused',
    suppressed: 'suppressed',
    discarded: 'discarded',
  }[fate]
  if (found !== expect) return `it is ${found}${reasons === '' ? '' : ` (${reasons})`}, not ${expect}`
  if (rule === undefined || failures.some((failure) => failure.rule === rule)) return undefined
  return `it is ${found}, but not by ${rule}${reasons === '' ? '' : ` (${reasons})`}`
}

/** What many expect and the service cannot do. */
function hintFor({ expect, as, from }: SpecTest, why: string): { readonly hint?: string } {
  if (expect !== 'refused' || as.length === 0 || from.length === 0 || !why.startsWith('it is accepted')) return {}
  return {
    hint: 'no rule of the service ties a login to a sender: its lists are about the whole account. Only a subaccount of its own keeps two senders apart',
  }
}

function inWords({ as, from, headerFrom, ip, to }: Message): string {
  const login =
    as.by === 'ip'
      ? 'IP authentication'
      : as.name === LOGIN
        ? as.name
        : `${as.by === 'user' ? 'smtpUsers' : 'apiKeys'}/${as.name}`
  const header = headerFrom === undefined ? '' : ` (header ${headerFrom})`
  return `${login}${ip === undefined ? '' : `, from ${ip}`}, as ${from}${header}, to ${to.join(', ')}`
}
