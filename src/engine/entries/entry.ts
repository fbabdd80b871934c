import { isRecord } from '../../model/json.ts'
import { fieldOf, type ResourceKind } from '../../model/kind/kind.ts'
import { keyWithId } from '../../model/kind/twin-key.ts'
import { type Source, step } from '../../model/position.ts'
import { canonicalKey } from '../../model/value/canonical.ts'
import type { Document } from '../documents/document.ts'

/** A section entry on its way to an object: what it says, where, and in which document's scope. */
export interface Entry {
  readonly kind: ResourceKind
  readonly document: Document
  /** The key, or the name of the instance of a singleton; empty for a singleton of one. */
  readonly key: string
  readonly values: Readonly<Record<string, unknown>>
  readonly source: Source
}

/** What all documents say, overlays merged into what they change. */
export interface MergedEntry {
  readonly documents: readonly Document[]
  readonly entries: readonly Entry[]
}

/** The entries of a document's sections; a list file (`{ file }`) stays one entry until it is read. */
export function entriesOf(document: Document, kinds: readonly ResourceKind[]): Entry[] {
  return kinds.flatMap((kind) => {
    const section = document.sections.get(kind.name)
    const source = step(document.source, kind.name)
    if (section === undefined) return []
    if (kind.singleton === 'one') return isRecord(section) ? [{ kind, document, key: '', values: section, source }] : []
    if (kind.singleton !== undefined)
      return Object.entries(isRecord(section) ? section : {})
        .filter((pair): pair is [string, Record<string, unknown>] => isRecord(pair[1]))
        .map(([key, values]) => ({ kind, document, key, values, source: step(source, key) }))
    return (Array.isArray(section) ? section : []).flatMap((item: unknown, at): Entry[] => {
      if (item === undefined) return [] // something is wrong with it, which is said
      const values = isRecord(item) ? item : { [kind.shorthand ?? kind.key]: item }
      const name = canonicalKey(fieldOf(kind, kind.key), String(values[kind.key] ?? ''))
      const id = kind.twins === undefined ? undefined : values['id']
      const key = typeof id === 'string' || typeof id === 'number' ? keyWithId(name, String(id)) : name
      if (key === '' && typeof values['file'] !== 'string') return []
      return [{ kind, document, key, values, source: step(source, at) }]
    })
  })
}
