import { type ApiDefinition, apisOf } from '../../model/kind/api.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { Attribute, Schema } from '../protocol/plugin.ts'
import { blockOf } from './block.ts'

/** The provider's own configuration: a block for each API. */
export function providerSchema(kinds: readonly ResourceKind[]): Schema {
  const apis = apisOf(kinds)
  return {
    version: 0,
    description: 'Keeps e-mail configuration: SMTP2GO accounts and the SMTP providers of a Back Office.',
    attributes: apis.map(blockAttribute),
  }
}

function blockAttribute(api: ApiDefinition): Attribute {
  return {
    name: api.name,
    description: api.doc,
    optional: true,
    nested: {
      nesting: 'single',
      attributes: blockOf(api).map(({ name, doc, sensitive }) => ({
        ...{ name, type: 'string', optional: true, description: doc },
        ...(sensitive ? { sensitive } : {}),
      })),
    },
  }
}
