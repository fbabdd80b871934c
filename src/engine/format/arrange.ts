import { type Document, isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml'
import { accountFieldsOf, DOCUMENT_WORDS, entryWords } from '../../model/desired/document-fields.ts'
import { apisOf } from '../../model/kind/api.ts'
import type { Field, Fields } from '../../model/kind/field.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import { allLints } from '../../model/lint/all-lints.ts'

/** Puts the keys of a document in their order: its own words, then its sections, and in each entry the key and the fields. */
export function arrange(document: Document, kinds: readonly ResourceKind[]): void {
  const root = document.contents
  if (!isMap(root)) return
  const comment = root.commentBefore
  const first = root.items[0]
  arrangeMap(root, [...DOCUMENT_WORDS, ...kinds.map(({ name }) => name)])
  if (comment && root.items[0] !== first && !/yaml-language-server/.test(comment)) {
    root.commentBefore = null // it was about the key below it
    if (isScalar(first?.key)) first.key.commentBefore = comment
  }
  const accountFields = accountFieldsOf(apisOf(kinds))
  for (const { key, value } of root.items) {
    const name = textOf(key)
    const kind = kinds.find((one) => one.name === name)
    if (kind !== undefined) arrangeSection(kind, value)
    else if (name === 'accounts' && isMap(value)) for (const one of value.items) arrangeFields(one.value, accountFields)
    else if (name === 'manage' && isMap(value))
      arrangeMap(value, ['default', ...kinds.map((one) => one.name), 'allowEmpty'])
    else if (name === 'lint' && isMap(value))
      arrangeMap(
        value,
        allLints.map(({ code }) => code),
      )
  }
}

function arrangeSection(kind: ResourceKind, section: unknown): void {
  const { [kind.key]: key, ...rest } = kind.fields
  const fields = { ...(key === undefined ? {} : { [kind.key]: key }), ...rest, ...entryWords }
  if (kind.singleton === 'one') arrangeFields(section, fields)
  else if (isMap(section)) {
    if (kind.singleton !== undefined) arrangeMap(section, kind.singleton)
    for (const { value } of section.items) arrangeFields(value, fields)
  } else if (isSeq(section)) for (const item of section.items) arrangeFields(item, fields)
}

function arrangeFields(node: unknown, fields: Fields): void {
  if (!isMap(node)) return
  arrangeMap(node, Object.keys(fields))
  for (const { key, value } of node.items) arrangeValue(value, fields[textOf(key)])
}

function arrangeValue(node: unknown, field: Field | undefined): void {
  if (field?.type === 'object') arrangeFields(node, field.fields)
  if ((field?.type === 'set' || field?.type === 'list') && isSeq(node))
    for (const item of node.items) arrangeValue(item, field.items)
}

/** Known keys in their order, then the others as they stand; what "<<" brings in stays first. */
function arrangeMap(map: YAMLMap, names: readonly string[]): void {
  const before = map.items[0]
  const place = ({ key }: Pair) => {
    const name = textOf(key)
    return name === '<<' ? -1 : names.includes(name) ? names.indexOf(name) : names.length
  }
  map.items = map.items
    .map((item, at) => ({ item, at }))
    .sort((a, b) => place(a.item) - place(b.item) || a.at - b.at)
    .map(({ item }) => item)
  const after = map.items[0]
  if (before === after || !isScalar(before?.key) || !isScalar(after?.key)) return
  before.key.spaceBefore = after.key.spaceBefore ?? false // a blank line divides two; above the first there is none
  after.key.spaceBefore = false
}

function textOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : ''
}
