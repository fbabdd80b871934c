import { resourceAttributes, type TerraformAttribute } from '../../derive/terraform/attributes.ts'
import { defined } from '../../model/json.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { Attribute, IdentitySchema, Schema } from '../protocol/plugin.ts'

/** An attribute as the protocol has it. */
export function toAttribute(one: TerraformAttribute): Attribute {
  const { name, description, type, nested, required, optional, computed, sensitive, writeOnly } = one
  return {
    name,
    description,
    ...defined({ type }),
    ...(nested === undefined
      ? {}
      : { nested: { nesting: nested.nesting, attributes: nested.attributes.map(toAttribute) } }),
    ...(required === true ? { required } : {}),
    ...(optional === true ? { optional } : {}),
    ...(computed === true ? { computed } : {}),
    ...(sensitive === true ? { sensitive } : {}),
    ...(writeOnly === true ? { writeOnly } : {}),
  }
}

/** The schema of a kind's resource. */
export function resourceSchema(kind: ResourceKind): Schema {
  const notes = kind.notes === undefined ? '' : `\n\n${kind.notes.map((note) => `- ${note}`).join('\n')}`
  return { version: 0, description: `${kind.doc}${notes}`, attributes: resourceAttributes(kind).map(toAttribute) }
}

/** What tells one of a kind apart: its key, and the subaccount that it is in. */
export function identitySchema(kind: ResourceKind): IdentitySchema {
  const key =
    kind.singleton === 'one'
      ? []
      : [{ name: kind.key, type: 'string' as const, description: `Its ${kind.key}.`, requiredForImport: true }]
  const scope =
    kind.scope === 'subaccount'
      ? [
          {
            name: 'subaccount',
            type: 'string' as const,
            description: 'The subaccount that it is in.',
            optionalForImport: true,
          },
        ]
      : []
  const account = [
    { name: 'account', type: 'string' as const, description: 'The API that it is in.', optionalForImport: true },
  ]
  return { version: 0, attributes: [...key, ...scope, ...account] }
}
