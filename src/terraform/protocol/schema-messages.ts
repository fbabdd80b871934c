import {
  type AttributeMessage,
  type functionSignature,
  type identitySchema,
  MARKDOWN,
  NESTING,
  type schema,
  type Written,
} from './messages.ts'
import type { Attribute, CtyType, FunctionSchema, IdentitySchema, Schema } from './plugin.ts'

/** A schema as it is sent; the block is there even when it has no attributes, for Terraform wants it. */
export function schemaMessage({ version, description, attributes }: Schema): Written<typeof schema> {
  const block = { version, attributes: attributes.map(attributeMessage), description, descriptionKind: MARKDOWN }
  return { version, block }
}

function attributeMessage(attribute: Attribute): AttributeMessage {
  const { type, nested, deprecated = false, ...rest } = attribute
  return {
    ...rest,
    descriptionKind: MARKDOWN,
    deprecated,
    ...(type === undefined ? {} : { type: typeMessage(type) }),
    ...(nested === undefined
      ? {}
      : { nestedType: { attributes: nested.attributes.map(attributeMessage), nesting: NESTING[nested.nesting] } }),
  }
}

/** An identity's schema as it is sent. */
export function identityMessage({ version, attributes }: IdentitySchema): Written<typeof identitySchema> {
  return { version, identityAttributes: attributes.map(({ type, ...rest }) => ({ ...rest, type: typeMessage(type) })) }
}

/** A function's signature as it is sent. */
export function functionMessage(schema: FunctionSchema): Written<typeof functionSignature> {
  const { summary, description, parameters, variadic, returns } = schema
  return {
    summary,
    description,
    descriptionKind: MARKDOWN,
    parameters: parameters.map(parameterMessage),
    variadicParameter: variadic === undefined ? undefined : parameterMessage(variadic),
    return: { type: typeMessage(returns) },
  }
}

function parameterMessage({ name, type, description }: FunctionSchema['parameters'][number]) {
  return { name, type: typeMessage(type), description, descriptionKind: MARKDOWN }
}

function typeMessage(type: CtyType): Uint8Array {
  return Buffer.from(JSON.stringify(type))
}
