import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cidrContains } from '../../src/model/value/network.ts'
import { judge } from '../../src/policy/judge.ts'
import { sendingChange } from '../../src/policy/possible.ts'
import { emptyPolicy, type Policy, USUAL_FACTS } from '../../src/policy/state/policy.ts'
import { type Account, anyAccount, policyOf } from './sending.ts'

const RUNS = Number(process.env['MAILCONFIG_RUNS'] ?? 300)
const now = new Date('2026-11-27T12:00:00Z')

/** A policy that has one question open, and lets everything else through. */
const onlySenders = ({ senders, domains, singleSenders }: Policy): Policy => ({
  ...open,
  senders,
  domains,
  singleSenders,
})
const onlyRecipients = ({ recipients, suppressions }: Policy): Policy => ({ ...open, recipients, suppressions })
const open: Policy = {
  ...emptyPolicy('main'),
  users: new Map([['me', { name: 'me', status: 'allowed' }]]),
  domains: new Map([['mine.example', { verified: 'yes' }]]),
}

const sends = (policy: Policy, from: string) =>
  judge(onlySenders(policy), { as: { by: 'user', name: 'me' }, from, to: ['a@b.example'], at: now.getTime() })
    .outcome === 'taken'
const reaches = (policy: Policy, to: string) =>
  judge(onlyRecipients(policy), {
    as: { by: 'user', name: 'me' },
    from: 'me@mine.example',
    to: [to],
    at: now.getTime(),
  }).recipients[0]?.fate === 'delivered'

const DOMAINS = [
  'shop.example',
  'news.shop.example',
  'other.example',
  'example.net',
  'example.org',
  'example.com',
  'nowhere.test',
]
const LOCALS = ['ann', 'bob', 'list', 'ceo', 'c1', 'c2', 'gone', 'd+hardbounce', 'somebody']
const UNIVERSE = DOMAINS.flatMap((domain) => LOCALS.map((local) => `${local}@${domain}`))

/** The class of an address in a list of texts, the most special first. */
function isIn(texts: readonly string[], address: string, known: ReadonlySet<string>): boolean {
  const domain = address.slice(address.indexOf('@') + 1)
  if (known.has(address)) return texts.includes(address)
  if (known.has(`@${domain}`)) return texts.includes(`anybody else @${domain}`)
  return texts.includes('anybody else')
}

test('the lists of what becomes possible agree with asking about everybody', () => {
  fc.assert(
    fc.property(anyAccount, anyAccount, (one, other) => {
      const [before, after] = [usual(one), usual(other)]
      const change = sendingChange(before, after) ?? { gained: none, lost: none }
      const senders = namesOf([before, after], ({ senders: { entries }, domains, singleSenders }) => [
        ...entries,
        ...domains.keys(),
        ...singleSenders.keys(),
      ])
      for (const address of UNIVERSE) {
        const [was, is] = [sends(before, address), sends(after, address)]
        expect([address, isIn(change.gained.as, address, senders), isIn(change.lost.as, address, senders)]).toEqual([
          address,
          is && !was,
          was && !is,
        ])
      }
      for (const address of UNIVERSE) {
        const [was, is] = [reaches(before, address), reaches(after, address)]
        const told = (texts: readonly string[]) =>
          texts.some(
            (text) => text === address || text === `anybody else @${address.split('@')[1]}` || text === 'anybody else',
          )
        if (is && !was) expect([address, told(change.gained.to)]).toEqual([address, true])
        if (was && !is) expect([address, told(change.lost.to)]).toEqual([address, true])
      }
    }),
    { numRuns: RUNS },
  )
})

/** An account as the model sees it where no setting is known. */
const usual = (account: Account): Policy => ({
  ...policyOf({ ...account, suppressions: fresh(account) }, now, new Map()),
  facts: USUAL_FACTS,
})
const none = { logins: [], from: [], as: [], to: [] }
/** Suppressions that no week ends. */
const fresh = ({ suppressions }: Account) => suppressions.map((one) => ({ ...one, days: 0 }))

/** Addresses, and domains with an @ before them, that some policies name. */
function namesOf(policies: readonly Policy[], of: (policy: Policy) => readonly string[]): Set<string> {
  return new Set(
    policies.flatMap(of).flatMap((name) => (name.includes('@') ? [name, `@${name.split('@')[1]}`] : [`@${name}`])),
  )
}

test('the runs of addresses agree with asking about each', () => {
  const network = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 24, max: 32 })).map(([last, bits]) => {
    const base = bits === 32 ? last : last - (last % 2 ** (32 - bits))
    return bits === 32 ? `192.0.2.${base}` : `192.0.2.${base}/${bits}`
  })
  const list = fc
    .record({ enabled: fc.boolean(), networks: fc.array(network, { maxLength: 4 }) })
    .map((one) => ({ isKnown: true, ...one }))
  const inside = (texts: readonly string[], ip: string) => texts.some((text) => holds(text, ip))
  fc.assert(
    fc.property(list, list, (a, b) => {
      const change = sendingChange({ ...open, smtpNetworks: a }, { ...open, smtpNetworks: b }) ?? {
        gained: none,
        lost: none,
      }
      for (let last = 0; last < 256; last += 1) {
        const ip = `192.0.2.${last}`
        const lets = ({ enabled, networks }: typeof a) => !enabled || networks.some((one) => cidrContains(one, ip))
        expect([ip, inside(change.gained.from, ip), inside(change.lost.from, ip)]).toEqual([
          ip,
          lets(b) && !lets(a),
          lets(a) && !lets(b),
        ])
      }
    }),
    { numRuns: Math.min(RUNS, 100) },
  )
})

/** Whether a text such as `0.0.0.0 to 192.0.2.7`, a network or an address has an address of the small universe. */
function holds(text: string, ip: string): boolean {
  const [first = '', last] = text.split(' to ')
  if (last === undefined) return cidrContains(first, ip)
  const number = (one: string) => one.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  if (first.includes(':')) return false
  return number(first) <= number(ip) && number(ip) <= number(last)
}

test('it says what a plan does in a few words', () => {
  const before: Policy = { ...open, smtpNetworks: { isKnown: true, enabled: false, networks: [] } }
  const after: Policy = {
    ...open,
    users: new Map([['other', { name: 'other', status: 'allowed' }]]),
    domains: new Map([
      ['mine.example', { verified: 'yes' }],
      ['news.example', { verified: 'assumed' }],
    ]),
    smtpNetworks: { isKnown: true, enabled: true, networks: ['198.51.100.7'] },
    suppressions: new Map([['gone@example.org', [{ reason: 'manual' }]]]),
  }
  expect(sendingChange(before, after)).toEqual({
    gained: { logins: ['SMTP user other'], from: [], as: ['anybody else @news.example'], to: [] },
    lost: {
      logins: ['SMTP user me'],
      from: ['0.0.0.0 to 198.51.100.6', '198.51.100.8 to 255.255.255.255', '::/0'],
      as: [],
      to: ['gone@example.org'],
    },
  })
  expect(sendingChange(after, after)).toBeUndefined()
})
