import { kinds } from '../src/apis/index.ts'
import { accountFieldsOf, entryWords, MODES, safetyFields } from '../src/model/desired/document-fields.ts'
import { apisOf } from '../src/model/kind/api.ts'
import type { Field, Fields } from '../src/model/kind/field.ts'
import type { Attribute, ProviderSchema, Schema } from '../src/terraform/protocol/plugin.ts'
import { createProvider } from '../src/terraform/provider.ts'

/** Where Terraform looks for the provider. */
export const ADDRESS = 'registry.terraform.io/mailconfig/mailconfig'

/** The provider's schema as `terraform providers schema -json` prints it, as far as constructs are made of it; needs no Terraform. */
export function schemaJson(version: string) {
  const { schema } = createProvider({
    kinds,
    env: {},
    version,
    validatorOf: () => Promise.reject(new Error('nothing is validated here')),
    specValidator: async () => () => [],
    cwd: '',
  })
  return {
    format_version: '1.0',
    provider_schemas: { [ADDRESS]: providerJson(schema) },
    provider_versions: { [ADDRESS]: version },
  }
}

function providerJson(schema: ProviderSchema) {
  return {
    provider: blockJson(schema.provider),
    resource_schemas: mapValues(schema.resources, blockJson),
    data_source_schemas: mapValues(schema.dataSources, blockJson),
    ephemeral_resource_schemas: mapValues(schema.ephemeralResources, blockJson),
    functions: mapValues(schema.functions, ({ summary, description, parameters, variadic, returns }) => ({
      description,
      summary,
      return_type: returns,
      ...(parameters.length === 0 ? {} : { parameters }),
      ...(variadic === undefined ? {} : { variadic_parameter: variadic }),
    })),
  }
}

function blockJson({ version, description, attributes }: Schema) {
  return {
    version,
    block: { attributes: attributesJson(attributes), description, description_kind: 'markdown' },
  }
}

function attributesJson(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(
    [...attributes].sort((a, b) => (a.name < b.name ? -1 : 1)).map((one) => [one.name, attributeJson(one)]),
  )
}

function attributeJson({ type, nested, description, writeOnly, ...one }: Attribute) {
  const { required, optional, computed, sensitive, deprecated } = one
  return {
    ...(type === undefined ? {} : { type }),
    ...(nested === undefined
      ? {}
      : { nested_type: { attributes: attributesJson(nested.attributes), nesting_mode: nested.nesting } }),
    description,
    description_kind: 'markdown',
    ...flags({ required, optional, computed, sensitive, deprecated, write_only: writeOnly }),
  }
}

function flags(given: Readonly<Record<string, boolean | undefined>>): Record<string, boolean> {
  return Object.fromEntries(Object.entries(given).filter((one): one is [string, true] => one[1] === true))
}

function mapValues<T, R>(values: Readonly<Record<string, T>>, make: (value: T) => R): Record<string, R> {
  return Object.fromEntries(
    Object.entries(values)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, make(value)]),
  )
}

/** The sections of a spec and the resource of each: `smtpUsers` is `mailconfig_smtp_user`. */
export const sections: Readonly<Record<string, string>> = Object.fromEntries(
  kinds.map(({ name, resource }) => [name, `mailconfig_${resource}`]),
)

/** The TypeScript type of a spec that is written as an object, made from the kinds. */
export function specObject(): string {
  const parts = kinds.map((kind) => {
    const entry = fieldsType({ ...kind.fields, ...entryWords }, '  ')
    const short = kind.shorthand === undefined ? entry : `${entry} | string`
    const bulk = kind.bulk === true ? `${short} | { readonly file: string }` : short
    const type =
      kind.singleton === 'one'
        ? entry
        : kind.singleton === undefined
          ? `readonly (${bulk})[]`
          : `{ ${kind.singleton.map((name) => `readonly ${name}?: ${entry}`).join('; ')} }`
    return `  /** ${kind.doc} */\n  readonly ${kind.name}?: ${type}\n`
  })
  const modes = MODES.map((mode) => `'${mode}'`).join(' | ')
  return `/** A spec as an object: one document of YAML, in the same words. Every text may hold \`\${env:NAME}\` and \`\${var:NAME}\`. */
export interface SpecObject {
  readonly accounts: Readonly<Record<string, ${fieldsType(accountFieldsOf(apisOf(kinds)), '  ')}>>
  readonly account?: string
  readonly subaccount?: string
  readonly vars?: Readonly<Record<string, string | number | boolean>>
  readonly manage?: Readonly<Record<string, ${modes} | boolean | readonly string[]>>
  readonly ignore?: readonly string[]
  readonly safety?: ${fieldsType(safetyFields, '  ')}
${parts.join('')}}
`
}

function fieldsType(fields: Fields, indent: string): string {
  const lines = Object.entries(fields)
    .filter(([, field]) => field.computed !== true)
    .map(
      ([name, field]) =>
        `${indent}  /** ${field.doc} */\n${indent}  readonly ${name}${field.required === true ? '' : '?'}: ${fieldType(field, `${indent}  `)}\n`,
    )
  return `{\n${lines.join('')}${indent}}`
}

function fieldType(field: Field, indent: string): string {
  switch (field.type) {
    case 'string':
      return 'string'
    case 'text':
      return 'string | { readonly file: string }'
    case 'integer':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'enum':
      return field.values.map((value) => `'${value}'`).join(' | ')
    case 'set':
    case 'list':
      return `readonly (${fieldType(field.items, indent)})[]`
    case 'object':
      return `${fieldsType(field.fields, indent)}${field.off === undefined ? '' : " | 'off'"}`
    case 'record':
      return 'Readonly<Record<string, unknown>>'
  }
}
