import { Document, isScalar, visit } from 'yaml'
import { formatScope, type Scope } from '../../model/address.ts'
import type { Account } from '../../model/desired/spec.ts'
import { type ApiDefinition, apiNamed, apisOf } from '../../model/kind/api.ts'
import type { Values } from '../../model/kind/field.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import type { Live } from '../../model/run/live.ts'
import { maskedUrl } from '../../model/value/credential-url.ts'
import { blockOrQuoted } from '../yaml/block-text.ts'
import { type ExportDetail, escaped, specEntryOf } from './entry.ts'
import { unsayable } from './sayable.ts'

/** One account's live state as a document, and what of it cannot be written down. */
export interface Exported {
  readonly text: string
  readonly notes: readonly string[]
}

/** Live state as a spec whose plan is empty: secrets are left out, and values at the API's default as `detail` says. */
export function exportSpec(
  accounts: readonly Account[],
  scopes: readonly Scope[],
  live: Live,
  kinds: readonly ResourceKind[],
  detail: ExportDetail = 'usual',
): Exported {
  const apis = apisOf(kinds)
  const notes: string[] = []
  const files = new Set<string>()
  const documents = scopes.map((scope, at) => {
    const content: Record<string, unknown> = { version: 1 }
    if (at === 0)
      content['accounts'] = Object.fromEntries(accounts.map((account) => [account.name, accountWords(account, apis)]))
    if (scopes.length > 1) content['account'] = scope.account
    if (scope.subaccount !== null) content['subaccount'] = escaped(scope.subaccount)
    for (const kind of kinds) {
      const collection = live.get(formatScope(scope))?.collections.get(kind.name)
      if (collection?.known !== true || collection.objects.length === 0) continue
      const section = sectionOf(kind, collection.objects, scope, notes, detail, files)
      if (section !== undefined) content[kind.name] = section
    }
    return write(content, at === 0)
  })
  return { text: documents.join('---\n'), notes }
}

function accountWords({ api, url, name }: Account, apis: readonly ApiDefinition[]): Record<string, unknown> {
  const { credential, place, account } = apiNamed(apis, api)
  const region = Object.entries(place.regions ?? {}).find(([, base]) => base === url)?.[0]
  const variable = name === account ? credential.env : `${credential.env}_${constant(name)}`
  return { api, ...(region === undefined ? { url } : { region }), [credential.field]: `\${env:${variable}}` }
}

/** A name in the letters that a variable of the environment may have. */
export function constant(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
}

function sectionOf(
  kind: ResourceKind,
  objects: readonly LiveObject[],
  scope: Scope,
  notes: string[],
  detail: ExportDetail,
  files: Set<string>,
): unknown {
  const open = objects.filter((one) => !one.dormant)
  const plain = open.map((one) => specEntryOf(kind, one, detail, files))
  if (kind.singleton === 'one') return plain[0]
  if (kind.singleton !== undefined) return Object.fromEntries(open.map((one, at) => [one.key, plain[at]]))
  const where = `${formatScope(scope)}:${kind.name}`
  const keys = open.map((one) => one.key)
  const twice = [...new Set(keys.filter((key, at) => key === '' || keys.indexOf(key) !== at))]
  const isTwin = (key: string) => twice.includes(key)
  if (twice.length > 0 && kind.twins === undefined)
    notes.push(
      `${where}: left out, for their ${kind.key} does not tell them apart: ${twice.map((key) => `"${key}"`).join(', ')}`,
    )
  const entries = plain.map((entry, at) => {
    const { key = '', id = '' } = open[at] ?? {}
    if (kind.twins === undefined || !isTwin(key)) return entry
    return { ...(key === '' ? {} : { [kind.key]: key }), id: writtenId(kind, id), ...without(entry, kind.key) }
  })
  const secrets = Object.entries(kind.fields).filter(
    ([, field]) => field.secret === true && field.required === 'create',
  )
  const secret = keys.filter((key) => maskedUrl(key) !== key)
  for (const key of secret)
    notes.push(
      `${where}: left out, for a password or token is in its ${kind.key}: ${maskedUrl(key)}; write it with a reference`,
    )
  const said = entries.map((entry, at) => {
    const key = keys[at] ?? ''
    if ((kind.twins === undefined && isTwin(key)) || secret.includes(key)) return undefined
    return sayableEntry(kind, entry, `${where}${key === '' ? '' : `/${key}`}`, notes)
  })
  const kept = said.filter((entry) => entry !== undefined)
  if (secrets.length > 0 && kept.length > 0)
    notes.push(
      `${where}: ${secrets.map(([name]) => name).join(', ')} cannot be read; add it as a reference where it is to be managed`,
    )
  return kept.length === 0 ? undefined : kept
}

/** An entry without what a spec cannot say; undefined, with a note, where nothing is left that names the object. */
function sayableEntry(kind: ResourceKind, entry: Values, where: string, notes: string[]): Values | undefined {
  const names = new Set(unsayable(kind.fields, entry).map((path) => path.split('.')[0] ?? path))
  if (names.size === 0) return entry
  const list = [...names].join(', ')
  const needed = [...names].filter((name) => name === kind.key || kind.fields[name]?.required === true)
  if (needed.length > 0) {
    notes.push(`${where}: left out, for a spec cannot say its ${needed.join(', ')} as the API has it`)
    return undefined
  }
  notes.push(`${where}: ${list} left out, for a spec cannot say it as the API has it`)
  return Object.fromEntries(Object.entries(entry).filter(([name]) => !names.has(name)))
}

/** An id as a file has it: a number where the API counts. */
function writtenId({ fields, id: name }: ResourceKind, id: string): unknown {
  return fields[name]?.type === 'integer' && Number.isSafeInteger(Number(id)) ? Number(id) : id
}

function without(entry: Values, name: string): Values {
  return Object.fromEntries(Object.entries(entry).filter(([one]) => one !== name))
}

function write(content: Record<string, unknown>, first: boolean): string {
  const document = new Document(content)
  visit(document, {
    Scalar(_, node) {
      if (isScalar(node) && typeof node.value === 'string' && node.value.includes('\n'))
        node.type = blockOrQuoted(node.value)
    },
  })
  const head = first ? '# yaml-language-server: $schema=./mailconfig.schema.json\n' : ''
  return head + document.toString({ lineWidth: 0, singleQuote: false })
}
