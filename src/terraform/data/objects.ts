import type { TerraformAttribute } from '../../derive/terraform/attributes.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import { orDiagnostic } from '../attributes/diagnostics.ts'
import { toAttribute } from '../attributes/schema.ts'
import { isMap } from '../attributes/values.ts'
import type { ProviderAccounts } from '../configuration/accounts.ts'
import type { Attribute, Diagnostic, Schema, StateAnswer, Value, ValueMap } from '../protocol/plugin.ts'
import type { Resource } from '../resource/resource.ts'

/** A data source: what it asks for, and how it answers. */
export interface DataSource {
  readonly schema: Schema
  read(accounts: ProviderAccounts, config: ValueMap): Promise<StateAnswer>
}

/** What of a resource can be looked up: all that the API shows. */
function shown(attributes: readonly TerraformAttribute[]): TerraformAttribute[] {
  return attributes.filter(({ role, field }) => {
    if (role === 'writeOnly' || role === 'version' || role === 'replace' || role === 'key' || role === 'scope')
      return false
    return field?.definition.secret !== true && field?.definition.writeOnly !== true
  })
}

function computed(one: TerraformAttribute): Attribute {
  const { name, description, type, nested } = toAttribute(one)
  const inner =
    one.nested === undefined || nested === undefined
      ? undefined
      : { nesting: nested.nesting, attributes: shown(one.nested.attributes).map(computed) }
  return {
    name,
    description,
    computed: true,
    ...(inner === undefined ? (type === undefined ? {} : { type }) : { nested: inner }),
  }
}

const subaccount: Attribute = {
  name: 'subaccount',
  type: 'string',
  optional: true,
  description: 'The subaccount to look in; the account itself if left out.',
}

/** The data source for one object of a kind, by its key. */
export function oneOf(resource: Resource): DataSource {
  const { kind } = resource
  const attributes = shown(resource.attributes)
  const key: Attribute[] =
    kind.singleton === 'one'
      ? []
      : [{ name: kind.key, type: 'string', required: true, description: `The ${kind.key} to look up.` }]
  const rest = attributes.filter((one) => one.name !== kind.key || kind.singleton === 'one').map(computed)
  const scope = kind.scope === 'subaccount' ? [subaccount] : []
  return {
    schema: {
      version: 0,
      description: `Looks up one ${kind.title}. ${kind.doc}`,
      attributes: [...key, ...scope, ...rest],
    },
    read: (accounts, config) =>
      lookUp(kind, async () => {
        const where = scopeOf(accounts, kind, config)
        const wanted = kind.singleton === 'one' ? '' : String(config[kind.key] ?? '')
        const live = await resource.find(accounts, where, config)
        if (live === undefined || live.dormant) return { state: null, diagnostics: [missing(kind, wanted)] }
        return {
          state: pick(
            { ...resource.stateOf(live, where), ...config },
            [...key, ...scope, ...rest],
            resource.stateOf(live, where),
          ),
          diagnostics: [],
        }
      }),
  }
}

/** The data source for all objects of a kind. */
export function listOf(resource: Resource): DataSource {
  const { kind } = resource
  const items = shown(resource.attributes).map(computed)
  const scope = kind.scope === 'subaccount' ? [subaccount] : []
  const list: Attribute = {
    name: 'items',
    description: `All of them.`,
    computed: true,
    nested: { nesting: 'list', attributes: items },
  }
  return {
    schema: { version: 0, description: `Lists every ${kind.title}. ${kind.doc}`, attributes: [...scope, list] },
    read: (accounts, config) =>
      lookUp(kind, async () => {
        const where = scopeOf(accounts, kind, config)
        const found = (await resource.all(accounts, where)).map((one) => pick({}, items, resource.stateOf(one, where)))
        const state: Record<string, Value> = { items: found }
        if (scope.length > 0) state['subaccount'] = config['subaccount'] ?? null
        return { state, diagnostics: [] }
      }),
  }
}

async function lookUp(kind: ResourceKind, work: () => Promise<StateAnswer>): Promise<StateAnswer> {
  return await orDiagnostic(`The ${kind.title} could not be read`, work, (diagnostic) => ({
    state: null,
    diagnostics: [diagnostic],
  }))
}

function scopeOf(accounts: ProviderAccounts, kind: ResourceKind, config: ValueMap) {
  const name = config['subaccount']
  return accounts.scopeOf(kind, typeof name === 'string' ? name : null)
}

/** Just the attributes of a schema; what was asked for stays as it was asked. */
function pick(asked: ValueMap, attributes: readonly Attribute[], state: ValueMap): ValueMap {
  return Object.fromEntries(
    attributes.map(({ name, computed: given, nested }): [string, Value] => {
      const value = given === true ? (state[name] ?? null) : (asked[name] ?? state[name] ?? null)
      return [name, nested === undefined ? value : pickNested(nested.attributes, value)]
    }),
  )
}

function pickNested(attributes: readonly Attribute[], value: Value): Value {
  if (Array.isArray(value)) return value.map((item) => pickNested(attributes, item))
  return isMap(value) ? pick({}, attributes, value) : null
}

function missing(kind: ResourceKind, key: string): Diagnostic {
  const path = kind.key === '' || kind.singleton === 'one' ? {} : { path: [kind.key] }
  return {
    severity: 'error',
    summary: `There is no such ${kind.title}`,
    detail: `Nothing has the ${kind.key || 'name'} "${key}".`,
    ...path,
  }
}
