import type { Field, Fields } from '../../model/kind/field.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import { snakeCase } from '../../model/text/snake-case.ts'
import { expectation } from '../schema/expectation.ts'

/** A type as Terraform writes it. */
type TerraformType = 'string' | 'number' | 'bool' | readonly ['list' | 'set' | 'map', TerraformType]

/** An attribute of a resource: what Terraform is told, and the field that it stands for. */
export interface TerraformAttribute {
  readonly name: string
  readonly description: string
  readonly type?: TerraformType
  readonly nested?: { readonly nesting: 'single' | 'list'; readonly attributes: readonly TerraformAttribute[] }
  readonly required?: boolean
  readonly optional?: boolean
  readonly computed?: boolean
  readonly sensitive?: boolean
  readonly writeOnly?: boolean
  /** The field of the kind; none for what Terraform alone needs. */
  readonly field?: { readonly name: string; readonly definition: Field }
  /** What the attribute is beyond its field: the write-only twin of a secret, its version, the switch of an object. */
  readonly role?: 'value' | 'writeOnly' | 'version' | 'switch' | 'id' | 'scope' | 'replace' | 'key'
}

/** The attributes of a kind's resource, made from its fields. */
export function resourceAttributes(kind: ResourceKind): TerraformAttribute[] {
  const own = fieldAttributes(kind.fields)
  const extra: TerraformAttribute[] = []
  if (kind.fields['id'] === undefined)
    extra.push({
      name: 'id',
      type: 'string',
      description: `The name by which it is imported: ${importForm(kind)}.`,
      computed: true,
      role: 'id',
    })
  if (kind.scope === 'subaccount')
    extra.push({
      name: 'subaccount',
      type: 'string',
      description: 'The subaccount that it is in; the account itself if left out. Changing it makes a new one.',
      optional: true,
      role: 'scope',
    })
  if (kind.name === 'senderDomains')
    extra.push({
      name: 'allow_replace',
      type: 'bool',
      description: 'Lets a change recreate the domain, which gives it different DNS selectors and breaks its records.',
      optional: true,
      role: 'replace',
    })
  if (kind.oneTimeSecret !== undefined)
    extra.push({
      name: 'key',
      type: 'string',
      description:
        'The whole key, which the API shows once: it is kept in the state, in clear text. Give it only for a key that was imported, which cannot be changed or deleted without.',
      optional: true,
      computed: true,
      sensitive: true,
      role: 'key',
    })
  if (kind.singleton !== undefined && kind.singleton !== 'one')
    return [keyAttribute(kind), ...own.filter((one) => one.name !== kind.key), ...extra]
  return [...own, ...extra]
}

/** How an import names one of a kind. */
export function importForm(kind: ResourceKind): string {
  const key = kind.singleton === 'one' ? kind.resource : kind.key
  return kind.scope === 'subaccount' ? `\`<${key}>\`, or \`<account>/<subaccount>:<${key}>\`` : `\`<${key}>\``
}

function keyAttribute(kind: ResourceKind): TerraformAttribute {
  const names = Array.isArray(kind.singleton) ? kind.singleton.join(' or ') : ''
  const definition = kind.fields[kind.key]
  return {
    name: kind.key,
    type: 'string',
    description: `Which list: ${names}. Changing it makes a new one.`,
    required: true,
    ...(definition === undefined ? {} : { field: { name: kind.key, definition } }),
  }
}

function fieldAttributes(fields: Fields, inSwitch = false): TerraformAttribute[] {
  return Object.entries(fields).flatMap(([name, field]) => fieldAttribute(name, field, inSwitch))
}

function fieldAttribute(name: string, field: Field, inSwitch: boolean): TerraformAttribute[] {
  if (field.local === true) return []
  const link = { field: { name, definition: field } }
  const snake = snakeCase(name)
  if (field.secret === true) return secretAttributes(snake, field, link)
  const description = describe(field)
  const access = accessOf(field, inSwitch)
  if (field.type === 'object') {
    const off = field.off !== undefined
    const inner = fieldAttributes(field.fields, off)
    const attributes = off ? [switchAttribute(), ...inner] : inner
    return [{ name: snake, description, nested: { nesting: 'single', attributes }, ...access, ...link, role: 'value' }]
  }
  if (field.type === 'list' && field.items.type === 'object') {
    const attributes = fieldAttributes(field.items.fields).map((one) =>
      one.required === true ? one : { ...one, computed: false },
    )
    return [{ name: snake, description, nested: { nesting: 'list', attributes }, ...access, ...link, role: 'value' }]
  }
  return [
    {
      name: snake,
      type: name === 'id' && field.computed === true ? 'string' : typeOf(field),
      description,
      ...access,
      ...link,
      role: 'value',
    },
  ]
}

/** A secret three ways: kept in the state, or never, with a number that says when it is new. */
function secretAttributes(snake: string, field: Field, link: Pick<TerraformAttribute, 'field'>): TerraformAttribute[] {
  const doc = field.doc.replace(/\.$/, '')
  return [
    {
      name: snake,
      type: 'string',
      description: `${doc}. Kept in the state in clear text: use \`${snake}_wo\` with Terraform or OpenTofu 1.11 and later.`,
      optional: true,
      sensitive: true,
      ...link,
      role: 'value',
    },
    {
      name: `${snake}_wo`,
      type: 'string',
      description: `${doc}. Never stored; sent when \`${snake}_wo_version\` changes.`,
      optional: true,
      sensitive: true,
      writeOnly: true,
      ...link,
      role: 'writeOnly',
    },
    {
      name: `${snake}_wo_version`,
      type: 'number',
      description: `Raise it to send \`${snake}_wo\` again.`,
      optional: true,
      ...link,
      role: 'version',
    },
  ]
}

function switchAttribute(): TerraformAttribute {
  return {
    name: 'enabled',
    type: 'bool',
    description: 'False for none of it.',
    optional: true,
    computed: true,
    role: 'switch',
  }
}

function accessOf(field: Field, inSwitch: boolean): Pick<TerraformAttribute, 'required' | 'optional' | 'computed'> {
  if (field.computed === true) return { computed: true }
  if (field.required === true && !inSwitch) return { required: true }
  const isReadable = field.writeOnly !== true
  return isReadable ? { optional: true, computed: true } : { optional: true }
}

function describe(field: Field): string {
  if (field.computed === true) return field.doc
  const fixed = field.immutable === true ? ' Changing it makes a new one.' : ''
  const usual = field.default === undefined ? '' : ` The API takes ${JSON.stringify(field.default)} if it is left out.`
  return `${field.doc} Expects ${expectation(field)}.${fixed}${usual}`
}

/** A field's type in Terraform; free JSON is a text of JSON, for constructs cannot have dynamic types. */
function typeOf(field: Field): TerraformType {
  switch (field.type) {
    case 'string':
    case 'text':
    case 'enum':
    case 'record':
    case 'object':
      return 'string'
    case 'integer':
      return 'number'
    case 'boolean':
      return 'bool'
    case 'set':
      return ['set', typeOf(field.items)]
    case 'list':
      return ['list', typeOf(field.items)]
  }
}
