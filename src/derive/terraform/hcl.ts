import { formatScope, type Scope } from '../../model/address.ts'
import { largest } from '../../model/append.ts'
import type { Account } from '../../model/desired/spec.ts'
import { isRecord, sorted } from '../../model/json.ts'
import { type ApiDefinition, apisOf } from '../../model/kind/api.ts'
import type { Values } from '../../model/kind/field.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import type { Live } from '../../model/run/live.ts'
import { isSame } from '../../model/value/canonical.ts'
import { resourceAttributes, type TerraformAttribute } from './attributes.ts'

/** Live state as a Terraform configuration: a resource and an import block for each object. */
export function terraformText(
  accounts: readonly Account[],
  scopes: readonly Scope[],
  live: Live,
  kinds: readonly ResourceKind[],
): { readonly text: string; readonly notes: readonly string[] } {
  const aliases = aliasesOf(accounts)
  const labels = new Set<string>()
  const notes: string[] = []
  const blocks = scopes.flatMap((scope) =>
    kinds.flatMap((kind) => {
      const collection = live.get(formatScope(scope))?.collections.get(kind.name)
      if (collection?.known !== true) return []
      const open = collection.objects.filter((one) => !one.dormant)
      const keys = open.map((one) => one.key)
      const twice = new Set(keys.filter((key, at) => keys.indexOf(key) !== at))
      if (twice.size > 0)
        notes.push(
          `${formatScope(scope)}:${kind.name}: left out, for several have one ${kind.key}: ${[...twice].join(', ')}`,
        )
      return open
        .filter((one) => !twice.has(one.key))
        .map((one) => resourceBlocks(kind, one, scope, labelOf(kind, one, scope, labels), aliases.get(scope.account)))
    }),
  )
  return { text: [head(accounts, aliases, apisOf(kinds)), ...blocks].join('\n'), notes }
}

/** The first account of each API is the default provider; every other one has its name as alias. */
function aliasesOf(accounts: readonly Account[]): ReadonlyMap<string, string> {
  const seen = new Set<string>()
  return new Map(
    accounts.flatMap(({ name, api }): [string, string][] => {
      if (seen.has(api)) return [[name, name.replace(/[^A-Za-z0-9_-]/g, '_')]]
      seen.add(api)
      return []
    }),
  )
}

/** Where credentials come from: `The key comes from A_KEY, the token from B_TOKEN.` */
function credentialsSentence(apis: readonly ApiDefinition[]): string {
  const [first, ...others] = apis.map(({ credential: { noun, env } }) => ({ noun, env }))
  if (first === undefined) return ''
  return `The ${[`${first.noun} comes from ${first.env}`, ...others.map(({ noun, env }) => `the ${noun} from ${env}`)].join(', ')}.`
}

function head(
  accounts: readonly Account[],
  aliases: ReadonlyMap<string, string>,
  apis: readonly ApiDefinition[],
): string {
  const lines = [
    'terraform {',
    '  required_providers {',
    '    mailconfig = { source = "mailconfig/mailconfig" }',
    '  }',
    '}',
    '',
  ]
  const usual = accounts.filter(({ name }) => !aliases.has(name)).map(accountPair)
  lines.push(`# ${credentialsSentence(apis)}`)
  lines.push('provider "mailconfig" {', ...aligned(usual, '  '), '}', '')
  for (const account of accounts) {
    const alias = aliases.get(account.name)
    if (alias === undefined) continue
    lines.push('provider "mailconfig" {', ...aligned([['alias', quoted(alias)], accountPair(account)], '  '), '}', '')
  }
  return lines.join('\n')
}

function accountPair({ api, url }: Account): readonly [string, string] {
  return [api, `{ url = ${quoted(url)} }`]
}

function labelOf(kind: ResourceKind, { key }: LiveObject, scope: Scope, labels: Set<string>): string {
  const text = `${scope.subaccount === null ? '' : `${scope.subaccount}_`}${key === '' ? 'this' : key}`
  const slug =
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '') || 'one'
  const base = /^[a-z_]/.test(slug) ? slug : `n_${slug}`
  let label = base
  for (let at = 2; labels.has(`${kind.resource}.${label}`); at++) label = `${base}_${at}`
  labels.add(`${kind.resource}.${label}`)
  return label
}

function resourceBlocks(
  kind: ResourceKind,
  live: LiveObject,
  scope: Scope,
  label: string,
  alias: string | undefined,
): string {
  const address = `mailconfig_${kind.resource}.${label}`
  const provider = alias === undefined ? [] : [`  provider = mailconfig.${alias}`, '']
  const values =
    kind.singleton !== undefined && kind.singleton !== 'one' ? { ...live.values, [kind.key]: live.key } : live.values
  const scoped = scope.subaccount === null ? [] : [`  subaccount = ${quoted(scope.subaccount)}`, '']
  const body = attributeLines(resourceAttributes(kind), values, '  ')
  const name = kind.singleton === 'one' ? kind.resource : live.key
  const id = scope.subaccount === null ? name : `${formatScope(scope)}:${name}`
  return [
    'import {',
    ...aligned(
      [
        ['to', address],
        ...(alias === undefined ? [] : [['provider', `mailconfig.${alias}`] as const]),
        ['id', quoted(id)],
      ],
      '  ',
    ),
    '}',
    '',
    `resource "mailconfig_${kind.resource}" ${quoted(label)} {`,
    ...provider,
    ...scoped,
    ...body,
    '}',
    '',
  ].join('\n')
}

/** The documentation's example of a kind: its own example, with secrets that no state keeps. */
export function exampleText(kind: ResourceKind): string {
  const [name = ''] = Array.isArray(kind.singleton) ? kind.singleton : []
  const values = name === '' ? kind.example : { ...kind.example, [kind.key]: name }
  const lines = exampleLines(resourceAttributes(kind), values, '  ')
  const text = [`resource "mailconfig_${kind.resource}" "example" {`, ...lines, '}', ''].join('\n')
  return isMade(kind) ? text : `${importText(kind)}\n${text}`
}

/** False for what the API can only change: it already exists, and is imported. */
function isMade({ calls, singleton }: ResourceKind): boolean {
  return calls.create !== undefined || singleton !== undefined
}

function importText({ resource, key, example }: ResourceKind): string {
  return `import {\n  to = mailconfig_${resource}.example\n  id = ${literal(example[key])}\n}\n`
}

function exampleLines(attributes: readonly TerraformAttribute[], values: Values, indent: string): string[] {
  return aligned(
    attributes.flatMap((one): [string, string][] => {
      const text = exampleValue(one, values, indent)
      return text === undefined ? [] : [[one.name, text]]
    }),
    indent,
  )
}

function exampleValue(one: TerraformAttribute, values: Values, indent: string): string | undefined {
  const { field, role, nested, name } = one
  const value = field === undefined ? undefined : values[field.name]
  if (field === undefined || value === undefined || field.definition.local === true) return undefined
  if (role === 'writeOnly') return `var.${name.replace(/_wo$/, '')}`
  if (role === 'version') return '1'
  if (field.definition.secret === true || value === 'off') return undefined
  if (nested?.nesting === 'single' && isRecord(value))
    return `{\n${exampleLines(nested.attributes, value, `${indent}  `).join('\n')}\n${indent}}`
  return field.definition.writeOnly === true
    ? literal(value)
    : attributeText({ ...one, required: true }, values, indent)
}

/** What can be written and is there; what the API takes by itself is left to it. */
function attributeLines(attributes: readonly TerraformAttribute[], values: Values, indent: string): string[] {
  return aligned(
    attributes.flatMap((one): [string, string][] => {
      const text = attributeText(one, values, indent)
      return text === undefined ? [] : [[one.name, text]]
    }),
    indent,
  )
}

/** Names and values as `terraform fmt` writes them: the equals signs of neighbours that take one line stand in a column. */
function aligned(pairs: readonly (readonly [string, string])[], indent: string): string[] {
  const isLong = (at: number) => pairs[at]?.[1].includes('\n') ?? true
  return pairs.map(([name, value], at) => {
    let [from, to] = [at, at]
    while (!isLong(at) && from > 0 && !isLong(from - 1)) from -= 1
    while (!isLong(at) && to < pairs.length - 1 && !isLong(to + 1)) to += 1
    const width = largest(pairs.slice(from, to + 1).map(([one]) => one.length))
    return `${indent}${isLong(at) ? name : name.padEnd(width)} = ${value}`
  })
}

function attributeText(one: TerraformAttribute, values: Values, indent: string): string | undefined {
  const { field, nested, role } = one
  if (field === undefined || (role !== undefined && role !== 'value')) return undefined
  const { definition } = field
  const value = values[field.name]
  if (definition.secret === true || definition.writeOnly === true || value === undefined || value === null)
    return undefined
  if (definition.computed === true && one.required !== true) return undefined
  if (
    one.required !== true &&
    isUsual(definition.default === undefined ? undefined : isSame(definition, definition.default, value), value)
  )
    return undefined
  if (nested?.nesting === 'single')
    return value === 'off' ? '{ enabled = false }' : mapText(nested.attributes, value, indent)
  if (nested?.nesting === 'list' && Array.isArray(value))
    return value.length === 0
      ? '[]'
      : `[\n${value.map((item) => `${indent}  ${mapText(nested.attributes, item, `${indent}  `)},\n`).join('')}${indent}]`
  if (definition.type === 'record') return `jsonencode(${literal(sorted(value))})`
  return literal(value)
}

function isUsual(isDefault: boolean | undefined, value: unknown): boolean {
  return (
    isDefault === true ||
    value === '' ||
    value === 'off' ||
    (Array.isArray(value) && value.length === 0) ||
    (isRecord(value) && Object.keys(value).length === 0)
  )
}

function mapText(attributes: readonly TerraformAttribute[], value: unknown, indent: string): string {
  if (!isRecord(value)) return 'null'
  const lines = attributeLines(attributes, value, `${indent}  `)
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${indent}}`
}

/** Any JSON value as an expression. */
function literal(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (isRecord(value))
    return `{ ${Object.entries(value)
      .map(([name, one]) => `${quoted(name)} = ${literal(one)}`)
      .join(', ')} }`
  return JSON.stringify(value)
}

/** A text as HCL writes it: `${` and `%{` are its own, and stand doubled. */
function quoted(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll('${', () => '$${')
    .replaceAll('%{', '%%{')
    .replace(/[\p{Cc}\u2028\u2029]/gu, (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
  return `"${escaped}"`
}
