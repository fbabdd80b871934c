import { isMap } from '../attributes/values.ts'
import { typeOf } from '../protocol/cty.ts'
import type { Attribute, CtyType, Diagnostic, Schema, Value, ValueMap } from '../protocol/plugin.ts'
import { Decimal } from '../protocol/plugin.ts'

/** State of a resource that comes from elsewhere: a provider's address, a type of its, and what it stored. */
interface MovedFrom {
  readonly provider: string
  readonly type: string
  readonly version: number
  readonly state: ValueMap
}

/**
 * The state that a `moved` block brings to a resource of ours: the same type, from wherever this provider was installed.
 * Nothing is guessed, so what does not fit is refused. Diagnostics name attributes, never values: those may be secret.
 */
export function moveState(
  from: MovedFrom,
  type: string,
  { version, attributes }: Schema,
  importForm: string,
): { readonly state: ValueMap } | { readonly diagnostic: Diagnostic } {
  const steps = `Instead, import the object (an import block with to = ${type}.NAME and id = ${importForm}), and let Terraform forget the old resource (a removed block with lifecycle { destroy = false }). Nothing was changed.`
  if (!isOurs(from.provider)) return refuse(`${from.provider} is another provider. ${steps}`)
  if (from.type !== type) return refuse(`A ${from.type} is no ${type}. ${steps}`)
  if (from.version > version)
    return refuse(
      `The state was written by a newer mailconfig: its schema has version ${from.version}, and this one knows ${version}. Use that version or a later one. Nothing was changed.`,
    )
  const misfits = misfitsOf(typeOf(attributes), from.state, '')
  if (misfits.length > 0)
    return refuse(
      `This version of mailconfig does not know what the state has in ${misfits.join(', ')}. Use the version that wrote it. ${steps}`,
    )
  const missing = attributes.filter((one) => one.required === true && (from.state[one.name] ?? null) === null)
  if (missing.length > 0)
    return refuse(`The state has no ${missing.map(({ name }) => `"${name}"`).join(', ')}. ${steps}`)
  return { state: fitted(attributes, from.state) }
}

/** HOST/NAMESPACE/TYPE: a mirror chooses host and namespace, but not the type. */
function isOurs(provider: string): boolean {
  return provider.split('/').at(-1) === 'mailconfig'
}

function refuse(detail: string): { readonly diagnostic: Diagnostic } {
  return { diagnostic: { severity: 'error', summary: 'This state cannot be moved', detail } }
}

/** Where a stored value is not of a type. What is null fits anywhere, and is nothing that could be lost. */
function misfitsOf(type: CtyType, value: Value, at: string): string[] {
  if (value === null || type === 'dynamic') return []
  if (type === 'number') return isNumber(value) ? [] : [at]
  if (typeof type === 'string') return typeof value === (type === 'bool' ? 'boolean' : type) ? [] : [at]
  if (type[0] === 'list' || type[0] === 'set') {
    if (!isList(value)) return [at]
    return value.flatMap((one, index) => misfitsOf(type[1], one, `${at}[${index}]`))
  }
  if (!isMap(value)) return [at]
  return Object.entries(value).flatMap(([name, one]) => {
    const member = type[0] !== 'object' ? type[1] : Object.hasOwn(type[1], name) ? type[1][name] : undefined
    const path = at === '' ? name : `${at}.${name}`
    if (member !== undefined) return misfitsOf(member, one, path)
    return one === null ? [] : [path]
  })
}

/** Every attribute of the schema; what is only ever written is in no state. */
function fitted(attributes: readonly Attribute[], state: ValueMap): ValueMap {
  return Object.fromEntries(attributes.map((one) => [one.name, fittedValue(one, state[one.name] ?? null)]))
}

function fittedValue({ nested, writeOnly }: Attribute, value: Value): Value {
  if (writeOnly === true) return null
  if (nested === undefined || value === null) return value
  if (isList(value)) return value.map((one) => (isMap(one) ? fitted(nested.attributes, one) : one))
  if (!isMap(value)) return value
  if (nested.nesting !== 'map') return fitted(nested.attributes, value)
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, isMap(one) ? fitted(nested.attributes, one) : one]),
  )
}

function isNumber(value: Value): boolean {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Decimal
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value)
}
