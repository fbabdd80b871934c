import { resourceAttributes, type TerraformAttribute } from '../../derive/terraform/attributes.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { Attribute, IdentitySchema, Schema } from '../plugin.ts'

/** An attribute as the protocol has it. */
export function toAttribute(one: TerraformAttribute): Attribute {
  const { name, description, type, nested, required, optional, computed, sensitive, writeOnly } = one
  return {
    name,
    description,
    ...(type === undefined ? {} : { type }),
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

/** The provider's own configuration. */
export const providerSchema: Schema = {
  version: 0,
  description: 'Keeps e-mail configuration: SMTP2GO accounts and the SMTP providers of a Back Office.',
  attributes: [
    {
      name: 'smtp2go',
      description: 'The SMTP2GO account.',
      optional: true,
      nested: {
        nesting: 'single',
        attributes: [
          {
            name: 'api_key',
            type: 'string',
            optional: true,
            sensitive: true,
            description: 'The API key; `SMTP2GO_API_KEY` if left out.',
          },
          {
            name: 'region',
            type: 'string',
            optional: true,
            description: 'global, us, eu or au; `SMTP2GO_REGION` if left out. A key works in its own region only.',
          },
          {
            name: 'url',
            type: 'string',
            optional: true,
            description: 'The base URL instead of a region; `SMTP2GO_URL` if left out. https, or http on loopback.',
          },
        ],
      },
    },
    {
      name: 'backoffice',
      description: 'The Back Office.',
      optional: true,
      nested: {
        nesting: 'single',
        attributes: [
          { name: 'url', type: 'string', optional: true, description: 'Its URL; `BACKOFFICE_URL` if left out.' },
          {
            name: 'token',
            type: 'string',
            optional: true,
            sensitive: true,
            description: 'The bearer token; `BACKOFFICE_TOKEN` if left out.',
          },
        ],
      },
    },
  ],
}
