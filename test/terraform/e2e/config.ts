import { kinds } from '../../../src/apis/index.ts'
import { resourceAttributes, type TerraformAttribute } from '../../../src/derive/terraform/attributes.ts'
import type { ResourceKind } from '../../../src/model/kind/kind.ts'
import { CANARIES } from '../../apis/kinds/world.ts'
import type { Row } from './world.ts'

/** The kind behind a resource's type. */
export function kindOf(type: string): ResourceKind {
  const found = kinds.find((kind) => `mailconfig_${kind.resource}` === type)
  if (found === undefined) throw new Error(`no kind for ${type}`)
  return found
}

/** A kind's example as a configuration of Terraform; secrets are write-only. */
export function exampleOf(type: string): Row {
  const kind = kindOf(type)
  return toConfig(resourceAttributes(kind), kind.example)
}

function toConfig(attributes: readonly TerraformAttribute[], entry: Readonly<Record<string, unknown>>): Row {
  const result: Row = {}
  for (const { name, field, role, nested } of attributes) {
    const value = field === undefined ? undefined : entry[field.name]
    if (value === undefined || field === undefined) continue
    if (role === 'version') result[name] = 1
    else if (role === 'writeOnly') result[name] = secret(String(value))
    else if (field.definition.secret === true) continue
    else if (nested?.nesting === 'single') result[name] = toConfig(nested.attributes, value as Row)
    else if (nested?.nesting === 'list')
      result[name] = (value as Row[]).map((item) => toConfig(nested.attributes, item))
    else result[name] = field.definition.type === 'record' ? JSON.stringify(value) : value
  }
  return result
}

function secret(text: string): string {
  const found = /^\$\{env:(\w+)\}$/.exec(text)?.[1]
  return found === undefined ? text : (CANARIES[found] ?? text)
}
