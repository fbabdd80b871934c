import fc from 'fast-check'
import {
  emptyPolicy,
  type Login,
  type Message,
  type Policy,
  type Suppressed,
  type Verified,
} from '../../src/policy/state/policy.ts'

/** A setting of an account, in words of neither side: the model and the server each get it in theirs. */
export interface Account {
  readonly isSubaccount: boolean
  readonly state: 'Active' | 'Closed' | 'Suspended'
  readonly users: readonly Person[]
  readonly keys: readonly (Person & { readonly endpoints: readonly string[] })[]
  readonly addresses: readonly Person[]
  readonly smtpList: IpList
  readonly apiList: IpList
  readonly senderMode: 'allow' | 'block' | 'disabled'
  readonly senders: readonly string[]
  readonly recipientsOn: boolean
  readonly recipients: readonly string[]
  readonly domains: readonly {
    readonly name: string
    readonly dkim: boolean
    readonly rpath: boolean
    readonly isLent: boolean
  }[]
  readonly singles: readonly { readonly address: string; readonly verified: boolean }[]
  readonly suppressions: readonly { readonly of: string; readonly reason: Reason; readonly days: number }[]
  readonly planSize: number
  readonly used: number
  readonly plan: 'free' | 'paid' | 'new'
  readonly covers: boolean
  readonly blank: boolean
  readonly quota: number
  readonly published: readonly string[] | undefined
}

type Reason = 'manual' | 'spam' | 'unsubscribe' | 'bounce' | 'compliance'
interface IpList {
  readonly on: boolean
  readonly entries: readonly string[]
}
interface Person {
  readonly name: string
  readonly status: 'allowed' | 'blocked' | 'sandbox'
  readonly most: number | undefined
}

/** One message of a session. */
export interface Mail {
  readonly as: 'user' | 'wrong' | 'stranger' | 'key' | 'nobody'
  readonly who: number
  readonly ip: string
  readonly from: string
  readonly header: string
  readonly to: readonly string[]
}

export const PASSWORD = 'a-long-Passw0rd-of-the-test'
const DOMAINS = ['shop.example', 'news.shop.example', 'other.example']
const SENDERS = ['ann@shop.example', 'Bob@Shop.example', 'list@news.shop.example', 'ceo@other.example']
const RECIPIENTS = ['c1@example.net', 'c2@example.net', 'gone@example.org', 'd+hardbounce@example.com']
const IPS = ['198.51.100.6', '203.0.113.9', '2001:db8::9']
const NETWORKS = ['198.51.100.6', '198.51.100.0/24', '203.0.113.0/28', '2001:db8::/32', '192.0.2.1']

const some = <T>(items: readonly T[]) => fc.subarray([...items])
const usually = <T>(value: T, other: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: fc.constant(value), weight: 3 }, { arbitrary: other, weight: 1 })
const status = fc.oneof(
  { arbitrary: fc.constant<Person['status']>('allowed'), weight: 2 },
  { arbitrary: fc.constantFrom<Person['status']>('blocked', 'sandbox'), weight: 1 },
)
const most = usually<number | undefined>(undefined, fc.integer({ min: 1, max: 4 }))
const person = (name: string) => fc.record({ name: fc.constant(name), status, most })
const list = fc.record({ on: usually(false, fc.boolean()), entries: some(NETWORKS) })

/** Any account, most of whose rules let mail through, so that every rule gets its turn. */
export const anyAccount: fc.Arbitrary<Account> = fc.record({
  isSubaccount: usually(false, fc.boolean()),
  state: usually<Account['state']>('Active', fc.constantFrom('Closed', 'Suspended')),
  users: fc.tuple(person('app-one'), person('app-two')),
  keys: fc.tuple(person('Billing').chain((one) => endpoints.map((list) => ({ ...one, endpoints: list })))),
  addresses: some(IPS).chain((ips) => fc.tuple(...ips.map((ip) => person(ip)))),
  smtpList: list,
  apiList: list,
  senderMode: usually<Account['senderMode']>('disabled', fc.constantFrom('allow', 'block')),
  senders: some([...SENDERS, ...DOMAINS].map((one) => one.toLowerCase())),
  recipientsOn: usually(false, fc.boolean()),
  recipients: some([...RECIPIENTS, 'example.net']),
  domains: fc
    .tuple(
      ...DOMAINS.map((name) =>
        fc.record({
          name: fc.constant(name),
          dkim: usually(true, fc.boolean()),
          rpath: usually(true, fc.boolean()),
          isLent: fc.boolean(),
        }),
      ),
    )
    .chain((all) => fc.subarray(all, { minLength: 1 })),
  singles: fc
    .subarray(SENDERS.map((one) => one.toLowerCase()))
    .chain((all) =>
      fc.tuple(...all.map((address) => fc.record({ address: fc.constant(address), verified: fc.boolean() }))),
    ),
  suppressions: fc.uniqueArray(
    fc.record({
      of: fc.constantFrom('gone@example.org', 'example.org', 'c2@example.net', 'd+hardbounce@example.com'),
      reason: fc.constantFrom<Reason>('manual', 'spam', 'unsubscribe', 'bounce', 'compliance'),
      days: fc.constantFrom(0, 5, 8, 40),
    }),
    { selector: ({ of, reason }) => `${of} ${reason}`, maxLength: 3 },
  ),
  planSize: fc.constantFrom(2, 5, 3000),
  used: fc.constantFrom(0, 4, 14, 999),
  plan: usually<Account['plan']>('paid', fc.constantFrom('free', 'new')),
  covers: fc.boolean(),
  blank: fc.boolean(),
  quota: fc.constantFrom(100, 300),
  published: usually<readonly string[] | undefined>(
    undefined,
    some(['shop.example', 'em1.other.example', 's1._domainkey.news.shop.example']),
  ),
})
const endpoints = usually(['*'], fc.constantFrom(['/email/send'], ['/email/*'], ['/stats/*'], []))

/** A few messages, one after the other. */
export const anyMails: fc.Arbitrary<readonly Mail[]> = fc.array(
  fc.record({
    as: usually<Mail['as']>('user', fc.constantFrom('wrong', 'stranger', 'key', 'key', 'nobody', 'nobody')),
    who: fc.integer({ min: 0, max: 1 }),
    ip: fc.constantFrom(...IPS),
    from: usually('ann@shop.example', fc.constantFrom(...SENDERS, '')),
    header: usually('ann@shop.example', fc.constantFrom(...SENDERS)),
    to: fc.subarray(RECIPIENTS, { minLength: 1 }),
  }),
  { minLength: 1, maxLength: 4 },
)

/** The full key of a name in the emulator. */
export const KEY = `api-${'Billing'.padEnd(32, '7')}`
const scopeId = ({ isSubaccount }: Account) => (isSubaccount ? 'sub001' : '')

/** The account in the words of the emulator's state. */
export function stateOf(account: Account, now: Date): object {
  const sender = ({ status: one, most: value }: Person) => ({
    status: one,
    ...(value === undefined
      ? {}
      : { custom_ratelimit: true, custom_ratelimit_value: value, custom_ratelimit_period: '01:00:00' }),
  })
  const domain = ({ name, dkim, rpath, isLent }: Account['domains'][number]) => ({
    domain: {
      fulldomain: name,
      dkim_selector: 's1',
      dkim_verified: dkim,
      rpath_selector: 'em1',
      rpath_verified: rpath,
    },
    subaccount_access: { subaccounts: isLent && account.isSubaccount ? ['sub001'] : [] },
  })
  const list = ({ on, entries }: IpList) => ({ enabled: on, entries: entries.map((ip_address) => ({ ip_address })) })
  const lent = account.domains.filter(({ isLent }) => isLent && account.isSubaccount)
  const days =
    account.used === 0
      ? []
      : [
          {
            date: now.toISOString().slice(0, 10),
            username: 'before',
            email_address: 'x@shop.example',
            emails: account.used,
          },
        ]
  const scope = {
    smtpUsers: account.users.map((one) => ({ username: one.name, email_password: PASSWORD, ...sender(one) })),
    ipAuth: account.addresses.map((one) => ({ ip_address: one.name, ...sender(one) })),
    domains: account.domains.filter((one) => !lent.includes(one)).map(domain),
    singleSenders: account.singles.map(({ address, verified }) => ({ email_address: address, verified })),
    allowedSenders: {
      mode: { allow: 'whitelist', block: 'blacklist', disabled: 'disabled' }[account.senderMode],
      entries: account.senders,
    },
    allowedRecipients: { enabled: account.recipientsOn, entries: account.recipients },
    ipAllowList: { smtp: list(account.smtpList), api: list(account.apiList) },
    suppressions: account.suppressions.map(({ of, reason, days: age }) => ({
      email_address: of,
      reason,
      timestamp: new Date(now.getTime() - age * 86_400_000).toISOString().slice(0, 19).replace('T', ' '),
    })),
    mail: { cycle_max: account.planSize, cycle_day: 1, days },
  }
  return {
    smtp2go: {
      keys: account.keys.map(({ endpoints: paths, ...one }) => ({
        api_key: KEY,
        subaccount_id: scopeId(account),
        endpoints: paths,
        ...sender(one),
      })),
      scopes: account.isSubaccount ? { '': { domains: lent.map(domain) }, sub001: scope } : { '': scope },
      subaccounts: account.isSubaccount
        ? [{ id: 'sub001', name: 'North', state: account.state, plan_size: account.planSize }]
        : [],
    },
    settings: {
      plan: account.plan,
      subaccountQuotaPercent: account.quota,
      blankSenders: account.blank,
      verifiedCoversSubdomains: account.covers,
      publishedDns: account.published ?? 'all',
    },
  }
}

/** The account as the model sees it; `taken` messages were sent before by each login. */
export function policyOf(account: Account, now: Date, taken: ReadonlyMap<string, number>): Policy {
  const login = ({ name, status: one, most: messages }: Person): readonly [string, Login] => [
    name,
    { name, status: one, ...(messages === undefined ? {} : { rate: { messages, seconds: 3600 } }) },
  ]
  const sent = [...taken.values()].reduce((sum, one) => sum + one, 0)
  const list = ({ on, entries }: IpList) => ({ isKnown: true, enabled: on, networks: entries })
  const suppressions = new Map<string, Suppressed[]>()
  for (const { of, reason, days } of account.suppressions) {
    const since = Math.floor((now.getTime() - days * 86_400_000) / 1000) * 1000
    suppressions.set(of, [...(suppressions.get(of) ?? []), { reason, since }])
  }
  return {
    ...emptyPolicy(account.isSubaccount ? 'main/North' : 'main'),
    closed: account.isSubaccount && account.state !== 'Active',
    users: new Map(account.users.map(login)),
    keys: new Map(account.keys.map((one) => [one.name, { ...login(one)[1], endpoints: one.endpoints }])),
    addresses: new Map(account.addresses.map(login)),
    smtpNetworks: list(account.smtpList),
    apiNetworks: list(account.apiList),
    senders: { isKnown: true, mode: account.senderMode, entries: new Set(account.senders) },
    recipients: { isKnown: true, enabled: account.recipientsOn, entries: new Set(account.recipients) },
    domains: new Map(
      account.domains.map(({ name, dkim, rpath }): [string, Verified] => [
        name,
        { verified: dkim && rpath ? 'yes' : 'no' },
      ]),
    ),
    singleSenders: new Map(
      account.singles.map(({ address, verified }): [string, Verified] => [
        address,
        { verified: verified ? 'yes' : 'no' },
      ]),
    ),
    suppressions,
    planSize: account.planSize,
    facts: {
      plan: account.plan,
      coversSubdomains: account.covers,
      blankSenders: account.blank,
      subaccountQuota: account.quota,
      ...(account.published === undefined ? {} : { publishedNames: new Set(account.published) }),
    },
    usage: { byLogin: taken, inCycle: account.used + sent, inDay: sent, inHour: sent, ever: account.used + sent },
  }
}

/** A message as the model sees it. */
export function messageOf(account: Account, { as, who, ip, from, header, to }: Mail, now: Date): Message {
  const name = account.users[who]?.name ?? ''
  const how = {
    user: { by: 'user', name },
    wrong: { by: 'user', name, isWrong: true },
    stranger: { by: 'user', name: 'app-nine' },
    key: { by: 'key', name: account.keys[0]?.name ?? '' },
    nobody: { by: 'ip' },
  } as const
  const byKey = as === 'key' ? header : from
  return { as: how[as], ip, from: byKey, headerFrom: header, to, at: now.getTime() }
}
