import { dirname, resolve } from 'node:path'
import { isMap, isScalar, visit } from 'yaml'
import { formatAddress, type Scope } from '../../model/address.ts'
import { isIgnored } from '../../model/desired/ignored.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import type { ScopeSpec } from '../../model/desired/spec.ts'
import { readInside } from '../../model/files/text-file.ts'
import { isRecord } from '../../model/json.ts'
import type { Field } from '../../model/kind/field.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import { fieldAt } from '../../model/kind/walk.ts'
import { type Path, type Source, step } from '../../model/position.ts'
import type { Change } from '../../model/run/change.ts'
import { SENSITIVE, Secret } from '../../model/secret.ts'
import { canonical, isSame } from '../../model/value/canonical.ts'
import { writable } from '../export/entry.ts'
import type { SpecFile } from '../yaml/files.ts'
import type { Edit } from './edits.ts'
import { styleOf } from './style.ts'
import { keyText, type OpenedTree, openText, placeAt } from './tree.ts'
import { changeValue } from './value.ts'

/** What became of a live value or object that the file does not say already. */
type MergeOutcome = 'updated' | 'added' | 'conflict' | 'gone' | 'elsewhere'

/** One line of the report: a field, a member of a list, or a whole object. */
export interface Item {
  readonly outcome: MergeOutcome
  readonly scope: Scope
  readonly address: string
  readonly field?: string
  /** What the file means, and what is live. */
  readonly before?: unknown
  readonly after?: unknown
  readonly why?: string
  readonly source: Source
}

/** What is to be done for one item. */
export interface Proposal {
  readonly item: Item
  readonly edits: readonly Edit[]
  /** A text file that is written instead. */
  readonly file?: { readonly path: string; readonly text: string }
  /** A new item of the list at this place; or of a whole new section, or all of it. */
  readonly fresh?: { readonly list: Source; readonly value: unknown; readonly section?: ResourceKind }
}

/** The file into which is merged, and what surrounds it. */
export interface Scene {
  readonly file: SpecFile
  readonly files: readonly SpecFile[]
  readonly opened: OpenedTree
  /** Where an overlay sets a field of an object, if one does. */
  readonly overlaid: (object: DesiredObject, path: Path) => Source | undefined
  readonly updateFiles: boolean
}

/** What a difference between the spec and the live state asks for in the file. */
export function propose(change: Change, rules: ScopeSpec['ignore'], scene: Scene): Proposal[] {
  const { scope, address } = change
  switch (change.action) {
    case 'noop':
      return change.live === undefined ? [] : proposeMembers(change.desired, change.live, rules, scene)
    case 'create':
      return [stays({ outcome: 'gone', scope, address, why: 'it is not live', source: change.desired.source })]
    case 'delete': {
      const { desired } = change
      if (desired === undefined) return []
      const why = 'the entry says "state: absent", and the object is live'
      return [stays({ outcome: 'conflict', scope, address, why, source: desired.source })]
    }
    case 'update': {
      const members = change.kind.members?.field
      const fields = change.fields.filter(
        ({ path, sensitive }) =>
          path !== members && (!sensitive || isPart(valueAt(change.desired.values, path.split('.')))),
      )
      return [
        ...fields.map(({ path, before }) => proposeField(change, path.split('.'), before, scene)),
        ...proposeMembers(change.desired, change.live, rules, scene),
      ]
    }
  }
}

/** True for a text that anybody may see but for the secret in it. */
function isPart(value: unknown): boolean {
  return value instanceof Secret && value.isPart
}

type Update = Change & { action: 'update' }

function stays(item: Item): Proposal {
  return { item, edits: [] }
}

function proposeField(
  { desired, live, kind }: Update,
  path: readonly string[],
  shown: unknown,
  scene: Scene,
): Proposal {
  const { scope, address } = desired
  const source = { ...desired.source, path: [...desired.source.path, ...path] }
  const field = fieldAt(kind.fields, path.join('.'))
  const before = valueAt(desired.values, path)
  const after = isPart(before) ? SENSITIVE : cleaned(field, valueAt(live.values, path) ?? shown)
  const common = { scope, address, field: path.join('.'), before, after, source }
  const conflict = (why: string, at: Source = source) => stays({ ...common, outcome: 'conflict', why, source: at })
  if (path[0] === kind.dormant)
    return stays({ ...common, outcome: 'gone', why: 'it is closed', source: desired.source })
  if (path[0] === kind.key) return conflict(`it is still called "${live.key}"`)
  const stop = whyNot(desired, path, scene)
  if (stop !== undefined) return stays({ ...common, ...stop })
  const document = scene.opened.documents[desired.source.document]
  if (document === undefined || field === undefined) return conflict('its place was not found')
  const entry = placeAt(document, desired.source.path)
  const listed = entry.ok && kind.bulk === true ? fileOf(entry.node) : undefined
  if (listed !== undefined) return conflict(`comes from the list ${listed}`)
  const place = placeAt(document, source.path)
  if (!place.ok) return conflict(place.why)
  const file = field.type === 'text' ? fileOf(place.node) : undefined
  if (file !== undefined) {
    const made = textFile(file, after, scene)
    return 'why' in made
      ? conflict(made.why)
      : { item: { ...common, outcome: 'updated', why: `in ${file}` }, edits: [], file: made }
  }
  const style = styleOf(scene.opened, document, source.path.slice(0, 1))
  const changed = changeValue({ opened: scene.opened, document, style }, place, field, before, after)
  return changed.ok ? { item: { ...common, outcome: 'updated' }, edits: changed.edits } : conflict(changed.why)
}

/** Why nothing of an object may be written here, where that is so. */
function whyNot(
  desired: DesiredObject,
  path: Path,
  scene: Scene,
): Pick<Item, 'outcome' | 'why' | 'source'> | undefined {
  const source = { ...desired.source, path: [...desired.source.path, ...path] }
  const overlay = scene.overlaid(desired, path)
  if (overlay !== undefined) return { outcome: 'conflict', why: 'an overlay sets it', source: overlay }
  if (desired.source.file !== scene.file.name)
    return { outcome: 'elsewhere', why: `it is declared in ${desired.source.file}`, source }
  return desired.protect ? { outcome: 'conflict', why: 'the entry says "protect: true"', source } : undefined
}

/** The members of a list that are added and removed one by one; those that nobody names are new, in any mode. */
function proposeMembers(
  desired: DesiredObject,
  live: LiveObject,
  rules: ScopeSpec['ignore'],
  scene: Scene,
): Proposal[] {
  const { kind } = desired
  const name = kind.members?.field ?? ''
  const field = kind.fields[name]
  const [wanted, there] = [desired.values[name], live.values[name]]
  if (field === undefined || !('items' in field) || !Array.isArray(wanted) || !Array.isArray(there)) return []
  const key = kind.members?.key
  const keyOf = (item: unknown) =>
    String(canonical(field.items, key !== undefined && isRecord(item) ? item[key] : item))
  const { scope } = desired
  const list = step(desired.source, name)
  const addressOf = (item: unknown) => formatAddress(desired.address, keyOf(item))
  const stop = whyNot(desired, [name], scene)
  const byKey = new Map<string, unknown>(there.map((item: unknown) => [keyOf(item), item]))
  const document = scene.opened.documents[list.document]
  const known = wanted.flatMap((item: unknown, at): Proposal[] => {
    const found = byKey.get(keyOf(item))
    const source = step(list, at)
    if (found === undefined)
      return [stays({ outcome: 'gone', scope, address: addressOf(item), why: 'it is not live', source })]
    if (!isRecord(item) || !isRecord(found) || field.items.type !== 'object') return []
    const inner = field.items.fields
    return Object.entries(item).flatMap(([word, before]) => {
      const one = inner[word]
      const after = found[word]
      if (one === undefined || after === undefined || isSame(one, before, after)) return []
      const common = { scope, address: addressOf(item), field: word, before, after, source: step(source, word) }
      if (stop !== undefined) return [stays({ ...common, ...stop })]
      const place = document === undefined ? undefined : placeAt(document, step(source, word).path)
      if (document === undefined || place === undefined) return []
      if (!place.ok) return [stays({ ...common, outcome: 'conflict' as const, why: place.why })]
      const style = styleOf(scene.opened, document, list.path.slice(0, 1))
      const changed = changeValue({ opened: scene.opened, document, style }, place, one, before, after)
      return changed.ok
        ? [{ item: { ...common, outcome: 'updated' as const }, edits: changed.edits }]
        : [stays({ ...common, outcome: 'conflict' as const, why: changed.why })]
    })
  })
  const named = new Set(wanted.map(keyOf))
  const extra = there
    .filter((item: unknown) => !named.has(keyOf(item)))
    .filter((item) => !isIgnored(rules, kind.name, addressOf(item).slice(kind.name.length + 1)))
    .map((item: unknown): Proposal => {
      const common = { scope, address: addressOf(item), source: list }
      if (stop !== undefined) return stays({ ...common, ...stop })
      return { item: { ...common, outcome: 'added' }, edits: [], fresh: { list, value: cleaned(field.items, item) } }
    })
  return [...known, ...extra]
}

/** A live value as it would be exported: no defaults, nothing empty. */
function cleaned(field: Field | undefined, value: unknown): unknown {
  if (field?.type !== 'object' || !isRecord(value)) return value
  return writable(field.fields, value, '')
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((part, name) => (isRecord(part) ? part[name] : undefined), value)
}

/** The path that `{ file: … }` names. */
function fileOf(node: unknown): string | undefined {
  if (!isMap(node)) return undefined
  const value = node.items.find(({ key }) => keyText(key) === 'file')?.value
  return isScalar(value) && typeof value.value === 'string' ? value.value : undefined
}

function textFile(
  name: string,
  live: unknown,
  { file, files, updateFiles }: Scene,
): { readonly path: string; readonly text: string } | { readonly why: string } {
  if (!updateFiles) return { why: `comes from the file ${name}; --update-files writes it there` }
  const read = readInside(file, name)
  const path = resolve(dirname(file.path), name)
  if (!read.ok || name.includes('${') || typeof live !== 'string') return { why: `comes from the file ${name}` }
  const uses = files.reduce((sum, one) => sum + usesOf(path, one), 0)
  if (uses !== 1) return { why: `comes from the file ${name}, which is used in ${uses} places` }
  return { path, text: read.text.includes('\r\n') ? live.replace(/\r?\n/g, '\r\n') : live.replaceAll('\r\n', '\n') }
}

/** How often a spec file names a text file; the name alone is enough to count. */
function usesOf(path: string, { path: from, text }: SpecFile): number {
  let uses = 0
  const names = (name: string) => resolve(dirname(from), name) === path
  for (const document of openText(text).documents)
    visit(document, {
      Scalar(_, { value }) {
        if (typeof value !== 'string') return
        if (names(value) || [...value.matchAll(/\$\{file:([^}]*)\}/g)].some(([, name = '']) => names(name))) uses += 1
      },
    })
  return uses
}
