import { formatAddress, formatScope, type Scope } from '../../model/address.ts'
import { isIgnored, matchesRule } from '../../model/desired/ignored.ts'
import type { ScopeSpec, SectionSpec, Spec } from '../../model/desired/spec.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import { step } from '../../model/position.ts'
import type { Live } from '../../model/run/live.ts'
import type { Document } from '../documents/document.ts'
import { scopeOf } from '../entries/scope.ts'
import { plainEntryOf } from '../export/entry.ts'
import { isOpenEnded, listAt } from './add.ts'
import type { Item, Proposal, Scene } from './propose.ts'

/** Live objects of managed sections that no file names, each for the list that it belongs to. */
export function proposeFresh(spec: Spec, live: Live, documents: readonly Document[], scene: Scene): Proposal[] {
  return spec.scopes.flatMap((scope) =>
    [...scope.sections.values()].flatMap((section) => {
      if (section.kind.singleton !== undefined) return []
      const objects = unnamed(spec, scope, section.kind, live)
      return objects.map((one) => proposeObject(one, objects, scope, section, spec, documents, scene))
    }),
  )
}

/** Whole sections that no file of the spec has, for the documents of this one that could hold them. */
export function proposeSections(
  spec: Spec,
  live: Live,
  documents: readonly Document[],
  kinds: readonly ResourceKind[],
  scene: Scene,
): Proposal[] {
  const taken = new Set(
    spec.scopes.flatMap(({ scope, sections }) => [...sections.keys()].map((kind) => `${formatScope(scope)}:${kind}`)),
  )
  return documents
    .filter((one) => one.file.path === scene.file.path && !one.overlay)
    .flatMap((document) =>
      kinds.flatMap((kind) => {
        const scope = scopeOf(document, kind, spec.accounts)
        const name = `${scope === undefined ? '' : formatScope(scope)}:${kind.name}`
        if (scope === undefined || taken.has(name)) return []
        taken.add(name)
        const list = step(document.source, kind.name)
        const rules = spec.scopes.find((one) => formatScope(one.scope) === formatScope(scope))
        return unnamed(spec, { scope, sections: new Map(), ignore: rules?.ignore ?? [] }, kind, live).map(
          (one): Proposal => {
            const entry = entryFor(kind, one, rules?.ignore ?? [])
            const value = kind.singleton === undefined || kind.singleton === 'one' ? entry : { [one.key]: entry }
            const item = { outcome: 'added' as const, scope, address: formatAddress(kind.name, one.key), source: list }
            if (!isOpenEnded(scene.opened, list.document))
              return { item: { ...item, outcome: 'conflict', why: 'its document is written in braces' }, edits: [] }
            return { item, edits: [], fresh: { list, value, section: kind } }
          },
        )
      }),
    )
}

function unnamed(
  spec: Spec,
  { scope, ignore }: Pick<ScopeSpec, 'scope' | 'ignore' | 'sections'>,
  kind: ResourceKind,
  live: Live,
) {
  const collection = live.get(formatScope(scope))?.collections.get(kind.name)
  if (collection?.known !== true) return []
  const named = new Set(
    spec.objects
      .filter((one) => one.kind === kind && formatScope(one.scope) === formatScope(scope))
      .flatMap((one) => (one.moved === undefined ? [one.key] : [one.key, one.moved])),
  )
  return collection.objects.filter(
    (one) => !one.dormant && !named.has(one.key) && !isIgnored(ignore, kind.name, one.key),
  )
}

function proposeObject(
  one: LiveObject,
  others: readonly LiveObject[],
  { scope, ignore }: ScopeSpec,
  { kind, source }: SectionSpec,
  spec: Spec,
  documents: readonly Document[],
  scene: Scene,
): Proposal {
  const homes = documents.filter(
    (document) =>
      !document.overlay && document.sections.has(kind.name) && isScope(scopeOf(document, kind, spec.accounts), scope),
  )
  const home = homes.findLast((document) => document.file.path === scene.file.path)
  const list = home === undefined ? { ...source, path: [kind.name] } : step(home.source, kind.name)
  const common = { scope, address: formatAddress(kind.name, one.key), source: list }
  const stays = (outcome: Item['outcome'], why: string): Proposal => ({ item: { ...common, outcome, why }, edits: [] })
  if (home === undefined)
    return stays('elsewhere', `it is new, and its section is in ${homes.at(-1)?.file.name ?? source.file}`)
  if (one.key === '' || others.some((other) => other !== one && other.key === one.key))
    return stays('conflict', `several live objects have this ${kind.key}, or none`)
  const place = listAt(scene.opened, list)
  if (!place.ok) return stays('conflict', `it is new, and its list ${place.why}`)
  return { item: { ...common, outcome: 'added' }, edits: [], fresh: { list, value: entryFor(kind, one, ignore) } }
}

function isScope(one: Scope | undefined, other: Scope): boolean {
  return one !== undefined && formatScope(one) === formatScope(other)
}

/** A live object as a new entry, without the fields that rules leave alone; in its short form where that says all. */
function entryFor(kind: ResourceKind, object: LiveObject, ignore: ScopeSpec['ignore']): unknown {
  const entry = Object.entries(plainEntryOf(kind, object)).filter(
    ([name]) => !ignore.some((rule) => rule.field === name && rule.kind === kind.name && matchesRule(rule, object.key)),
  )
  const [first, ...rest] = entry
  return rest.length === 0 && first?.[0] === kind.shorthand ? first?.[1] : Object.fromEntries(entry)
}
