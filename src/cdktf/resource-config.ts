import { resourceAttributes, type TerraformAttribute } from '../derive/terraform/attributes.ts'
import type { DesiredObject } from '../model/desired/object.ts'
import { isRecord, sorted } from '../model/json.ts'
import type { Field } from '../model/kind/field.ts'
import type { Path } from '../model/position.ts'
import { Secret } from '../model/secret.ts'
import { canonicalKey } from '../model/value/canonical.ts'

/** Something in a configuration that only constructs can fill in: a variable, a token of the caller, an attribute of another resource. */
export type Gap =
  | { readonly $secret: string }
  | { readonly $token: string }
  | { readonly $resource: string; readonly attribute: string }

/** How gaps are found while a configuration is written. */
interface Gaps {
  secret(value: Secret, path: Path): Gap
  /** The gap of a token that the caller put at this place of the entry. */
  token(path: Path): Gap | undefined
  /** The gap of a reference to an object that the spec has. */
  reference(kind: string, key: string): Gap | undefined
  /** Secrets go to the write-only attribute, with this version; undefined: to the one that the state keeps. */
  readonly secretVersion: number | undefined
}

/** The configuration of an object's resource, in the names of constructs. */
export function resourceConfig({ kind, key, values }: DesiredObject, gaps: Gaps): Record<string, unknown> {
  const named = kind.singleton === undefined || kind.singleton === 'one' ? values : { ...values, [kind.key]: key }
  return fieldsConfig(resourceAttributes(kind), named, [], gaps)
}

/** The name of an attribute in constructs: `password_wo` is `passwordWo`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

function fieldsConfig(
  attributes: readonly TerraformAttribute[],
  values: Readonly<Record<string, unknown>>,
  path: Path,
  gaps: Gaps,
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const attribute of attributes) {
    const { field, role } = attribute
    const value = field === undefined ? undefined : values[field.name]
    if (field === undefined || value === undefined || value === null) continue
    const here = [...path, field.name]
    if (field.definition.secret === true) {
      const written = secretConfig(role, value, here, gaps)
      if (written !== undefined) result[camelCase(attribute.name)] = written
    } else result[camelCase(attribute.name)] = valueConfig(attribute, field.definition, value, here, gaps)
  }
  return result
}

/** One field of the spec stands for three attributes: the one that is kept, the write-only one, and its version. */
function secretConfig(role: TerraformAttribute['role'], value: unknown, path: Path, gaps: Gaps): unknown {
  if (!(value instanceof Secret)) return undefined
  const writeOnly = gaps.secretVersion !== undefined
  if (role === 'version') return gaps.secretVersion
  return (role === 'writeOnly') === writeOnly ? gaps.secret(value, path) : undefined
}

function valueConfig({ nested }: TerraformAttribute, field: Field, value: unknown, path: Path, gaps: Gaps): unknown {
  const token = gaps.token(path)
  if (token !== undefined) return token
  if (nested?.nesting === 'single') {
    if (value === 'off') return { enabled: false }
    return isRecord(value) ? fieldsConfig(nested.attributes, value, path, gaps) : undefined
  }
  if (nested?.nesting === 'list' && Array.isArray(value))
    return value.map((item, at) => (isRecord(item) ? fieldsConfig(nested.attributes, item, [...path, at], gaps) : item))
  if (field.type === 'record') return literal(JSON.stringify(sorted(value)))
  if ((field.type === 'set' || field.type === 'list') && Array.isArray(value))
    return value.map((item, at) => gaps.token([...path, at]) ?? textConfig(field.items, item, gaps))
  return textConfig(field, value, gaps)
}

function textConfig(field: Field, value: unknown, gaps: Gaps): unknown {
  if (typeof value !== 'string') return value
  const found = field.refersTo === undefined ? undefined : gaps.reference(field.refersTo, canonicalKey(field, value))
  return found ?? literal(value)
}

/** Terraform reads `${` and `%{` in JSON, too: in a value they stand doubled. */
function literal(text: string): string {
  return text.replaceAll('${', () => '$${').replaceAll('%{', () => '%%{')
}
