import { importForm } from '../derive/terraform/attributes.ts'
import { makesScopes, type ResourceKind } from '../model/kind/kind.ts'
import type { Validate } from '../model/validation.ts'
import { canonicalDomain } from '../model/value/formats.ts'
import { identitySchema, resourceSchema } from './attributes/schema.ts'
import { isMap } from './attributes/values.ts'
import { openAccounts, type ProviderAccounts } from './configuration/accounts.ts'
import { providerSchema } from './configuration/schema.ts'
import { dnsSchema, readDnsRecords } from './data/dns.ts'
import { type DataSource, listOf, oneOf } from './data/objects.ts'
import { readSpecData, specSchema } from './data/spec.ts'
import { readStatistics } from './data/statistics.ts'
import { checkStatistics, statisticsSchema } from './data/statistics-schema.ts'
import { functions } from './functions/functions.ts'
import { checkPassword, makePassword, passwordSchema } from './functions/password.ts'
import { named } from './protocol/codec.ts'
import {
  type Diagnostic,
  type Plugin,
  type ProviderSchema,
  type Schema,
  type StateAnswer,
  UNKNOWN,
  type Value,
  type ValueMap,
} from './protocol/plugin.ts'
import { moveState } from './resource/move.ts'
import { planResource } from './resource/plan.ts'
import { type Resource, resourceOf } from './resource/resource.ts'
import { validateConfig } from './resource/validate.ts'
import { checkVerification, readVerification, verificationSchema, verify } from './resource/verification.ts'

const PREFIX = 'mailconfig_'
const VERIFICATION = `${PREFIX}sender_domain_verification`
const PASSWORD = `${PREFIX}smtp_password`
const SPEC = `${PREFIX}spec`
const DNS = `${PREFIX}dns_records`
const STATISTICS = `${PREFIX}statistics`

/** What the provider is made with. */
interface ProviderOptions {
  readonly kinds: readonly ResourceKind[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly version: string
  /** Compiles the validator of a kind's entries; asked for when a configuration of that kind is checked. */
  readonly validatorOf: (kind: ResourceKind) => Promise<Validate>
  /** Compiles the validator of a whole spec. */
  readonly specValidator: () => Promise<Validate>
  readonly cwd: string
}

/** The Terraform provider: every kind as a resource and two data sources, and what Terraform alone needs. */
export function createProvider({ kinds, env, version, cwd, validatorOf, specValidator }: ProviderOptions): Plugin {
  const resources = new Map(kinds.map((kind) => [`${PREFIX}${kind.resource}`, resourceOf(kind, kinds)]))
  const dataSources = new Map([...resources].flatMap(([name, resource]) => dataSourcesOf(name, resource)))
  const schema = schemaOf(resources, dataSources, kinds)
  const domains = kinds.find((kind) => kind.name === 'senderDomains')
  const subaccounts = kinds.find(makesScopes)
  const stop = new AbortController()
  let opened: ProviderAccounts | undefined

  const accounts = (): ProviderAccounts => {
    opened ??= openAccounts({}, env, kinds, { userAgent: userAgent(version, ''), signal: stop.signal }).accounts
    return opened
  }
  const resourceNamed = (type: string): Resource => {
    const resource = resources.get(type)
    if (resource !== undefined) return resource
    throw new TypeError(`there is no resource ${type}`)
  }

  return {
    schema,
    async validateProvider() {
      return []
    },
    async validateResource(type, config, capabilities) {
      if (type === VERIFICATION) return checkVerification(config)
      const { kind, attributes } = resourceNamed(type)
      return validateConfig(kind, attributes, config, await validatorOf(kind), capabilities)
    },
    async validateData(type, config) {
      return type === STATISTICS ? checkStatistics(config) : []
    },
    async validateEphemeral(_type, config) {
      return checkPassword(config)
    },
    async validateList() {
      return []
    },
    async configure(config, terraformVersion) {
      const { accounts: fresh, diagnostics } = openAccounts(config, env, kinds, {
        userAgent: userAgent(version, terraformVersion),
        signal: stop.signal,
      })
      opened = fresh
      return diagnostics
    },
    async upgrade(type, _version, state) {
      const known = schema.resources[type]?.attributes.map(({ name }) => name) ?? []
      return { state: Object.fromEntries(known.map((name) => [name, state[name] ?? null])), diagnostics: [] }
    },
    async read(type, state, priv) {
      if (type === VERIFICATION && domains !== undefined) return await readVerification(accounts(), domains, state)
      const resource = resourceNamed(type)
      return withIdentity(resource, { ...(await resource.read(accounts(), state)), private: priv })
    },
    async plan(type, { prior, proposed, config, private: priv }) {
      if (proposed === null || config === null)
        return { state: null, private: priv, requiresReplace: [], diagnostics: [] }
      if (type === VERIFICATION) return planVerification(prior, config, priv)
      const { kind, attributes } = resourceNamed(type)
      const { planned, requiresReplace, diagnostics } = planResource(kind, attributes, prior, config)
      return { state: planned, private: priv, requiresReplace, diagnostics }
    },
    async apply(type, { prior, planned, config, private: priv }) {
      if (type === VERIFICATION) {
        if (planned === null || domains === undefined) return { state: null, diagnostics: [] }
        return await verify(accounts(), domains, planned)
      }
      const resource = resourceNamed(type)
      return withIdentity(resource, {
        ...(await resource.apply(accounts(), { prior, planned, config })),
        private: priv,
      })
    },
    async import(type, { id, identity }) {
      if (type === VERIFICATION) {
        const names = schema.resources[type]?.attributes.map(({ name }) => [name, null] as const) ?? []
        return { resources: [{ type, state: { ...Object.fromEntries(names), domain: id, id } }], diagnostics: [] }
      }
      const resource = resourceNamed(type)
      const found = resource.import(identity === undefined ? id : identityText(resource, identity))
      if ('diagnostic' in found) return { resources: [], diagnostics: [found.diagnostic] }
      return { resources: [{ type, state: found.state, ...identityOf(resource, found.state) }], diagnostics: [] }
    },
    async move(from, type) {
      const resource = resources.get(type)
      const form = resource === undefined ? '`<domain>`' : importForm(resource.kind)
      const moved = moveState(from, type, named(schema.resources, type), form)
      if ('diagnostic' in moved) return { state: null, diagnostics: [moved.diagnostic] }
      const answer = { state: moved.state, diagnostics: [] }
      return resource === undefined ? answer : withIdentity(resource, answer)
    },
    async readData(type, config) {
      if (type === SPEC) return await readSpecData(config, { kinds, env, cwd, validate: specValidator })
      if (type === DNS && domains !== undefined) return await readDnsRecords(accounts(), domains, config)
      if (type === STATISTICS && subaccounts !== undefined) return await readStatistics(accounts(), subaccounts, config)
      const source = dataSources.get(type)
      if (source === undefined) throw new TypeError(`there is no data source ${type}`)
      return await source.read(accounts(), config)
    },
    async openEphemeral(_type, config) {
      return { result: makePassword(config), diagnostics: [] }
    },
    async closeEphemeral() {
      return []
    },
    async *list(type, config, wanted) {
      const resource = resourceNamed(type)
      const name = config['subaccount']
      const scope = accounts().scopeOf(resource.kind, typeof name === 'string' ? name : null)
      let count = 0
      for (const live of await resource.all(accounts(), scope)) {
        if (wanted.limit > 0 && count >= wanted.limit) continue
        count += 1
        const state = resource.stateOf(live, scope)
        const { identity = {} } = identityOf(resource, state)
        yield {
          identity,
          name: live.key === '' ? resource.kind.title : live.key,
          ...(wanted.resource ? { resource: state } : {}),
          diagnostics: [],
        }
      }
    },
    async call(name, args) {
      const found = functions[name]
      if (found === undefined) return { error: `there is no function ${name}` }
      return found.call(args)
    },
    stop: () => stop.abort(new Error('interrupted')),
    close: async () => {
      await opened?.close()
    },
  }
}

function userAgent(version: string, terraformVersion: string): string {
  return `terraform-provider-mailconfig/${version}${terraformVersion === '' ? '' : ` terraform/${terraformVersion}`}`
}

function dataSourcesOf(name: string, resource: Resource): [string, DataSource][] {
  const one: [string, DataSource] = [name, oneOf(resource)]
  return resource.kind.singleton === 'one' ? [one] : [one, [plural(name), listOf(resource)]]
}

function plural(name: string): string {
  return /[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`
}

function schemaOf(
  resources: ReadonlyMap<string, Resource>,
  dataSources: ReadonlyMap<string, DataSource>,
  kinds: readonly ResourceKind[],
): ProviderSchema {
  const scope: Schema = {
    version: 0,
    description: 'Lists what is there.',
    attributes: [{ name: 'subaccount', type: 'string', optional: true, description: 'The subaccount to look in.' }],
  }
  const byName = <T, R>(map: ReadonlyMap<string, T>, make: (one: T) => R): Record<string, R> =>
    Object.fromEntries([...map].map(([name, one]) => [name, make(one)]))
  return {
    provider: providerSchema(kinds),
    resources: { ...byName(resources, ({ kind }) => resourceSchema(kind)), [VERIFICATION]: verificationSchema },
    dataSources: {
      ...byName(dataSources, (source) => source.schema),
      [SPEC]: specSchema(kinds),
      [DNS]: dnsSchema,
      [STATISTICS]: statisticsSchema,
    },
    ephemeralResources: { [PASSWORD]: passwordSchema },
    listResources: byName(resources, () => scope),
    functions: Object.fromEntries(Object.entries(functions).map(([name, one]) => [name, one.schema])),
    identities: byName(resources, ({ kind }) => identitySchema(kind)),
  }
}

function withIdentity(resource: Resource, answer: StateAnswer): StateAnswer {
  return isMap(answer.state) ? { ...answer, ...identityOf(resource, answer.state) } : answer
}

function identityOf({ kind }: Resource, state: ValueMap): { readonly identity?: ValueMap } {
  const identity: Record<string, Value> = { account: kind.api.account }
  if (kind.singleton !== 'one') identity[kind.key] = state[kind.key] ?? null
  if (kind.scope === 'subaccount') identity['subaccount'] = state['subaccount'] ?? null
  return { identity }
}

function identityText({ kind }: Resource, identity: ValueMap): string {
  const key = kind.singleton === 'one' ? kind.resource : String(identity[kind.key] ?? '')
  const subaccount = identity['subaccount']
  return typeof subaccount === 'string' && subaccount !== '' ? `${kind.api.account}/${subaccount}:${key}` : key
}

/** A domain that is verified already is asked for again only when something about the wait changes. */
function planVerification(prior: ValueMap | null, config: ValueMap, priv: Uint8Array) {
  const diagnostics: Diagnostic[] = []
  const same = prior !== null && canonicalDomain(String(prior['domain'])) === canonicalDomain(String(config['domain']))
  const settled = same && prior['verified'] === true
  const computed = settled ? { id: prior['id'] ?? null, verified: true, status: prior['status'] ?? null } : undefined
  const planned: ValueMap = { ...config, ...(computed ?? { id: UNKNOWN, verified: UNKNOWN, status: UNKNOWN }) }
  const requiresReplace = prior !== null && !same ? [['domain']] : []
  return { state: planned, private: priv, requiresReplace, diagnostics }
}
