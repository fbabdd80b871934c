import {
  anything,
  type Fields,
  flag,
  Invalid,
  list,
  need,
  oneOf,
  or,
  record,
  text,
  type Values,
  whole,
} from '../input/fields.ts'
import type { Json, JsonObject } from '../input/json.ts'
import * as entity from './entities.ts'
import { type Mail, mailFields } from './mail.ts'

/** The key, the token and the user of a fresh emulator. */
const fresh = {
  apiKey: `api-${'EmulatorMaster'.padEnd(32, '0')}`,
  token: 'emulator-token',
  user: { email: 'admin@example.com', password: 'emulator-password', twoFactor: false, permitted: true },
} as const

const many = <F extends Fields>(fields: F, derived: readonly string[] = []) =>
  or(list(record(fields, derived)), () => [])
const texts = or(list(text()), () => [])
const off = or(flag(), () => false)
const part =
  <F extends Fields>(fields: F) =>
  (value: Json | undefined, name: string) =>
    need(record(fields, []))(value ?? {}, name)

const ipList = part({ enabled: off, entries: many(entity.ipEntryFields) })

const scopeFields = {
  smtpUsers: many(entity.smtpUserFields, entity.derivedSender),
  domains: many(entity.domainFields, ['from_master']),
  singleSenders: many(entity.singleSenderFields),
  allowedSenders: part({
    mode: or(oneOf(['whitelist', 'blacklist', 'disabled']), () => 'disabled' as const),
    entries: texts,
  }),
  sender_domains_enabled: or(flag(), () => true),
  allowedRecipients: part({ enabled: off, entries: texts }),
  ipAllowList: part({ smtp: ipList, api: ipList }),
  ipAuth: many(entity.ipAuthFields, entity.derivedSender),
  suppressions: many(entity.suppressionFields),
  templates: many(entity.templateFields, ['template_name']),
  webhooks: many(entity.webhookFields),
  dedicatedIps: many(entity.dedicatedIpFields),
  mail: part(mailFields),
}

const counters = part({
  webhook: or(whole(0), () => 4000),
  provider: or(whole(0), () => 0),
  selector: or(whole(0), () => 123_455),
})
const stateFields = {
  smtp2go: part({
    keys: many(entity.apiKeyFields, [...entity.derivedSender, 'username']),
    scopes: (value: Json | undefined, name: string) => scopesOf(value, name),
    subaccounts: many(entity.subaccountFields, ['plan_remaining']),
  }),
  backoffice: part({
    users: many(entity.userFields),
    tokens: many(entity.tokenFields),
    providers: many(entity.providerFields, ['providerId']),
  }),
  counters,
}

function scopesOf(value: Json | undefined, name: string): Record<string, Values<typeof scopeFields>> {
  const given = or(anything(), () => ({}))(value, name)
  return Object.fromEntries(Object.entries(given).map(([id, one]) => [id, part(scopeFields)(one, `scopes['${id}']`)]))
}

/** What one account or subaccount owns. */
export interface Scope {
  readonly id: string
  readonly smtpUsers: Map<string, entity.SmtpUser>
  readonly domains: Map<string, entity.Domain>
  readonly singleSenders: Map<string, entity.SingleSender>
  allowedSenders: { mode: 'whitelist' | 'blacklist' | 'disabled'; entries: Map<string, string> }
  senderDomainsEnabled: boolean
  allowedRecipients: { enabled: boolean; entries: Map<string, string> }
  readonly ipAllowList: Readonly<Record<'smtp' | 'api', { enabled: boolean; entries: Map<string, entity.IpEntry> }>>
  readonly ipAuth: Map<string, entity.IpAuth>
  readonly suppressions: Map<string, entity.Suppression>
  readonly templates: Map<string, entity.Template>
  readonly webhooks: Map<number, entity.Webhook>
  readonly dedicatedIps: readonly entity.DedicatedIp[]
  readonly mail: Mail
}

/** Everything both services keep. */
export interface World {
  version: number
  readonly keys: Map<string, entity.ApiKey>
  readonly scopes: Map<string, Scope>
  readonly subaccounts: Map<string, entity.Subaccount>
  readonly users: entity.User[]
  readonly tokens: Map<string, entity.Token>
  readonly providers: Map<number, entity.Provider>
  readonly counters: Values<{ webhook: () => number; provider: () => number; selector: () => number }>
  /** Long lists that are being paged through. */
  readonly pages: Map<string, { readonly version: number; readonly rows: readonly Json[] }>
}

const by = <K, V>(items: readonly V[], key: (item: V) => K): Map<K, V> =>
  new Map(items.map((item) => [key(item), item]))

/** Entries keyed without regard to letter case. */
const caseless = (entries: readonly string[]): Map<string, string> => by(entries, (entry) => entry.toLowerCase())

/** The key of a suppression. */
export const suppressionKey = (address: string, reason: string): string => `${address.toLowerCase()} ${reason}`

/** An empty scope, or one from its state. */
export function createScope(id: string, state: Values<typeof scopeFields> = part(scopeFields)({}, id)): Scope {
  const { allowedSenders, allowedRecipients, ipAllowList } = state
  const entries = (items: readonly entity.IpEntry[]) => by(items, ({ ip_address }) => ip_address)
  return {
    id,
    smtpUsers: by(state.smtpUsers, ({ username }) => username),
    domains: by(state.domains, ({ domain }) => domain.fulldomain),
    singleSenders: by(state.singleSenders, ({ email_address }) => email_address.toLowerCase()),
    allowedSenders: { mode: allowedSenders.mode, entries: caseless(allowedSenders.entries) },
    senderDomainsEnabled: state.sender_domains_enabled,
    allowedRecipients: { enabled: allowedRecipients.enabled, entries: caseless(allowedRecipients.entries) },
    ipAllowList: {
      smtp: { enabled: ipAllowList.smtp.enabled, entries: entries(ipAllowList.smtp.entries) },
      api: { enabled: ipAllowList.api.enabled, entries: entries(ipAllowList.api.entries) },
    },
    ipAuth: by(state.ipAuth, ({ ip_address }) => ip_address),
    suppressions: by(state.suppressions, ({ email_address, reason }) => suppressionKey(email_address, reason)),
    templates: by(state.templates, ({ id: one }) => one),
    webhooks: by(state.webhooks, ({ id: one }) => one),
    dedicatedIps: state.dedicatedIps,
    mail: state.mail,
  }
}

/** Builds a world from state, any part of which may be missing; throws `Invalid` for a name it does not know. */
export function loadWorld(state: JsonObject): World {
  const { smtp2go, backoffice, counters: counted } = readState(state)
  const scopes = new Map(Object.entries(smtp2go.scopes).map(([id, one]) => [id, createScope(id, one)]))
  const subaccounts = by(smtp2go.subaccounts, ({ id }) => id)
  for (const id of scopes.keys()) {
    if (id !== '' && !subaccounts.has(id)) subaccounts.set(id, part(entity.subaccountFields)({ id, name: id }, id))
  }
  for (const id of ['', ...subaccounts.keys()]) if (!scopes.has(id)) scopes.set(id, createScope(id))
  const world: World = {
    version: 0,
    keys: by(smtp2go.keys, ({ api_key }) => api_key),
    scopes,
    subaccounts,
    users: backoffice.users.length > 0 ? backoffice.users : [{ ...fresh.user }],
    tokens: by(backoffice.tokens, ({ token }) => token),
    providers: new Map(backoffice.providers.toSorted((a, b) => a.id - b.id).map((one) => [one.id, one])),
    counters: counted,
    pages: new Map(),
  }
  return complete(world)
}

function readState(state: JsonObject): Values<typeof stateFields> {
  try {
    return need(record(stateFields, ['settings']))(state, 'state')
  } catch (error) {
    if (error instanceof Invalid) throw new Invalid(error.field, `${error.field}: ${error.message}`)
    throw error
  }
}

function complete(world: World): World {
  if (!masterKey(world)) {
    const key = part(entity.apiKeyFields)(
      { api_key: fresh.apiKey, endpoints: ['*'], description: 'master key' },
      'keys',
    )
    world.keys.set(key.api_key, key)
  }
  if (!validToken(world)) {
    world.tokens.set(fresh.token, part(entity.tokenFields)({ token: fresh.token, email: fresh.user.email }, 'tokens'))
  }
  const { counters: counted } = world
  const webhooks = [...world.scopes.values()].flatMap((scope) => [...scope.webhooks.keys()])
  counted.webhook = webhooks.reduce((most, id) => Math.max(most, id), counted.webhook)
  counted.provider = [...world.providers.keys()].reduce((most, id) => Math.max(most, id), counted.provider)
  for (const scope of world.scopes.values()) for (const one of scope.domains.values()) nameRecords(world, one)
  return world
}

/** Gives a domain the selectors it lacks. */
export function nameRecords(world: World, { domain }: entity.Domain): void {
  if (domain.dkim_selector !== '' && domain.rpath_selector !== '') return
  world.counters.selector += 1
  domain.dkim_selector ||= `s${world.counters.selector}`
  domain.rpath_selector ||= `em${world.counters.selector}`
}

/** A key of the master account that may do everything. */
export function masterKey(world: World): string | undefined {
  const may = ({ subaccount_id, endpoints, status }: entity.ApiKey) =>
    subaccount_id === '' && endpoints.includes('*') && status !== 'blocked'
  return [...world.keys.values()].find(may)?.api_key
}

/** A token that opens the Back Office. */
export function validToken(world: World): string | undefined {
  const opens = ({ kind, permitted, expiresAt }: entity.Token) => kind === 'access' && permitted && expiresAt === null
  return [...world.tokens.values()].find(opens)?.token
}

/** The state of a world, in the names of the APIs; secrets included. */
export function dumpWorld(world: World) {
  return {
    smtp2go: {
      keys: [...world.keys.values()],
      scopes: Object.fromEntries([...world.scopes].map(([id, scope]) => [id, dumpScope(scope)])),
      subaccounts: [...world.subaccounts.values()],
    },
    backoffice: { users: world.users, tokens: [...world.tokens.values()], providers: [...world.providers.values()] },
    counters: world.counters,
  }
}

function dumpScope(scope: Scope): Values<typeof scopeFields> {
  const { smtp, api } = scope.ipAllowList
  return {
    smtpUsers: [...scope.smtpUsers.values()],
    domains: [...scope.domains.values()],
    singleSenders: [...scope.singleSenders.values()],
    allowedSenders: { mode: scope.allowedSenders.mode, entries: [...scope.allowedSenders.entries.values()] },
    sender_domains_enabled: scope.senderDomainsEnabled,
    allowedRecipients: {
      enabled: scope.allowedRecipients.enabled,
      entries: [...scope.allowedRecipients.entries.values()],
    },
    ipAllowList: {
      smtp: { enabled: smtp.enabled, entries: [...smtp.entries.values()] },
      api: { enabled: api.enabled, entries: [...api.entries.values()] },
    },
    ipAuth: [...scope.ipAuth.values()],
    suppressions: [...scope.suppressions.values()],
    templates: [...scope.templates.values()],
    webhooks: [...scope.webhooks.values()],
    dedicatedIps: [...scope.dedicatedIps],
    mail: scope.mail,
  }
}
