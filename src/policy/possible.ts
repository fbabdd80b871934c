import { cidrContains } from '../model/value/network.ts'
import { cutAddresses, joined, runText, witnessOf } from './classes.ts'
import { verifiedSender } from './rules/check-sender.ts'
import { coveringEntry, domainOf } from './state/addresses.ts'
import type { Login, NetworkList, Policy } from './state/policy.ts'

/** What becomes possible with a plan, or no longer is: who signs in, from where, as whom, to whom. */
export interface Possible {
  readonly logins: readonly string[]
  readonly from: readonly string[]
  readonly as: readonly string[]
  readonly to: readonly string[]
}

/** What a plan changes about who may send. */
export interface SendingChange {
  readonly gained: Possible
  readonly lost: Possible
}

/** Compares two policies, list by list; undefined where nothing changes. Each class that the entries cut is judged by one of its members. */
export function sendingChange(before: Policy, after: Policy): SendingChange | undefined {
  const found = {
    logins: logins(before, after),
    from: from(before, after),
    as: as(before, after),
    to: to(before, after),
  }
  const side = (name: keyof Sides): Possible => {
    return { logins: found.logins[name], from: found.from[name], as: found.as[name], to: found.to[name] }
  }
  const change = { gained: side('gained'), lost: side('lost') }
  const count = [change.gained, change.lost].flatMap((one) => Object.values(one)).flat().length
  return count === 0 ? undefined : change
}

interface Sides {
  readonly gained: readonly string[]
  readonly lost: readonly string[]
}

/** Things that are possible in one of two policies alone. */
function sides<T>(items: readonly T[], was: (one: T) => boolean, is: (one: T) => boolean): { gained: T[]; lost: T[] } {
  return { gained: items.filter((one) => is(one) && !was(one)), lost: items.filter((one) => was(one) && !is(one)) }
}

function logins(before: Policy, after: Policy): Sides {
  const kinds = [
    ['SMTP user', 'users'],
    ['API key', 'keys'],
    ['IP address', 'addresses'],
  ] as const
  const all = kinds.map(([noun, kind]) => {
    const names = [...new Set([...before[kind].keys(), ...after[kind].keys()])]
    const found = sides(
      names,
      (name) => maySignIn(before, before[kind].get(name)),
      (name) => maySignIn(after, after[kind].get(name)),
    )
    const called = (name: string) => `${noun} ${name}`
    return { gained: found.gained.map(called), lost: found.lost.map(called) }
  })
  return { gained: all.flatMap(({ gained }) => gained), lost: all.flatMap(({ lost }) => lost) }
}

/** Whether mail that is handed in with a login is delivered; the sandbox throws it away. */
function maySignIn({ closed }: Policy, login: Login | undefined): boolean {
  return !closed && login?.status === 'allowed'
}

function from(before: Policy, after: Policy): Sides {
  const smtp = networkSides(before.smtpNetworks, after.smtpNetworks)
  const api = networkSides(before.apiNetworks, after.apiNetworks)
  const byApi = (text: string) => `${text} (API)`
  return { gained: [...smtp.gained, ...api.gained.map(byApi)], lost: [...smtp.lost, ...api.lost.map(byApi)] }
}

function networkSides(before: NetworkList, after: NetworkList): Sides {
  const runs = cutAddresses([...before.networks, ...after.networks])
  const lets =
    ({ enabled, networks }: NetworkList) =>
    (run: (typeof runs)[number]) =>
      !enabled || networks.some((network) => cidrContains(network, witnessOf(run)))
  const { gained, lost } = sides(runs, lets(before), lets(after))
  return { gained: joined(gained).map(runText), lost: joined(lost).map(runText) }
}

/** Addresses that stand for others: nobody has them, so no entry names them. */
const ANYBODY = 'anybody-else'
const ELSEWHERE = 'elsewhere.invalid'

/** A class of addresses, by the one that stands for it. */
interface AddressClass {
  readonly text: string
  readonly witness: string
}

/** The classes that addresses and domains cut: each address, the rest of each domain, and everybody else. */
function cut(names: Iterable<string>): AddressClass[] {
  const addresses = new Set<string>()
  const domains = new Set<string>()
  for (const name of names) {
    if (name.includes('@')) addresses.add(name)
    domains.add(name.includes('@') ? domainOf(name) : name)
  }
  return [
    ...[...addresses].map((one) => ({ text: one, witness: one })),
    ...[...domains].map((one) => ({ text: `anybody else @${one}`, witness: `${ANYBODY}@${one}` })),
    { text: 'anybody else', witness: `${ANYBODY}@${ELSEWHERE}` },
  ]
}

function as(before: Policy, after: Policy): Sides {
  const classes = cut(
    [before, after].flatMap(({ senders, domains, singleSenders }) => [
      ...senders.entries,
      ...domains.keys(),
      ...singleSenders.keys(),
    ]),
  )
  return addressSides(
    classes,
    (one) => maySend(before, one),
    (one) => maySend(after, one),
  )
}

/** Whether mail of a sender is taken, as far as the sender goes. */
export function maySend(policy: Policy, sender: string): boolean {
  const { mode, entries } = policy.senders
  const isListed = coveringEntry(entries, sender) !== undefined
  switch (mode) {
    case 'allow':
      return isListed
    case 'block':
      return !isListed
    case 'disabled': {
      const found = verifiedSender(policy, sender)
      return found !== undefined && found.how.verified !== 'no'
    }
  }
}

function to(before: Policy, after: Policy): Sides {
  const classes = cut(namesThatMatter(before, after))
  return addressSides(
    classes,
    (one) => mayReceive(before, one),
    (one) => mayReceive(after, one),
  )
}

/** Whether mail to a recipient is delivered, as far as lists and suppressions go. */
export function mayReceive({ recipients, suppressions }: Policy, recipient: string): boolean {
  if (coveringEntry(suppressions, recipient) !== undefined) return false
  return !recipients.enabled || coveringEntry(recipients.entries, recipient) !== undefined
}

/** Names of recipients about which the policies may differ; of many suppressions, most are in both. */
function namesThatMatter(before: Policy, after: Policy): Iterable<string> {
  const [a, b] = [before.recipients, after.recipients]
  const all = [...before.suppressions.keys(), ...after.suppressions.keys(), ...a.entries, ...b.entries]
  const isListSame = a.enabled === b.enabled && (!a.enabled || [...a.entries].join() === [...b.entries].join())
  if (!isListSame) return all
  const differs = (name: string) => before.suppressions.has(name) !== after.suppressions.has(name)
  const changed = new Set(all.filter(differs))
  return changed.size === 0 ? [] : all.filter((name) => changed.has(name) || changed.has(domainOf(name)))
}

function addressSides(
  classes: readonly AddressClass[],
  was: (one: string) => boolean,
  is: (one: string) => boolean,
): Sides {
  const { gained, lost } = sides(
    classes,
    ({ witness }) => was(witness),
    ({ witness }) => is(witness),
  )
  return { gained: gained.map(({ text }) => text), lost: lost.map(({ text }) => text) }
}
