import { formatScope, qualify, type Scope } from '../../model/address.ts'
import { append } from '../../model/append.ts'
import type { Spec } from '../../model/desired/spec.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import { type Position, type Source, step } from '../../model/position.ts'
import { isError, type Problem } from '../../model/problem.ts'
import type { Live } from '../../model/run/live.ts'
import { diff } from '../diff/diff.ts'
import type { LoadOptions } from '../documents/options.ts'
import { readDocuments } from '../documents/read-documents.ts'
import { load } from '../load.ts'
import { withNumbers } from '../read/lookup.ts'
import { findFiles, type SpecFile } from '../yaml/files.ts'
import { locator } from '../yaml/positions.ts'
import { additions, newSections } from './add.ts'
import { applyEdits, type Edit } from './edits.ts'
import { proposeFresh, proposeSections } from './new-objects.ts'
import { overlaidFields } from './overlay-fields.ts'
import { type Item, type Proposal, propose, type Scene } from './propose.ts'
import { type OpenedTree, openText, placeAt } from './tree.ts'

/** What is merged, and into which file. */
interface MergeOptions {
  readonly load: LoadOptions
  /** The full path of the file. */
  readonly into: string
  readonly live: Live
  /** Which objects it is about. */
  readonly wanted: (scope: Scope, address: string) => boolean
  /** Sections that no file has are added, too. */
  readonly allSections: boolean
  /** Text files that a field names are written, too. */
  readonly updateFiles: boolean
}

/** A line of the report, and where it is about in the file as it would be. */
export type MergedItem = Item & { readonly at: Position }

/** The file as it would be, and what of the live state went where. Nothing is written. */
export interface MergeResult {
  readonly text: string
  readonly isChanged: boolean
  /** Text files by full path, with what they are to hold. */
  readonly files: ReadonlyMap<string, string>
  readonly items: readonly MergedItem[]
  /** How many objects of the file say what is live. */
  readonly kept: number
}

/** Merges live state into a file of a spec; what it does not change stays to the byte, what it may not change is said. */
export async function merge(spec: Spec, options: MergeOptions): Promise<MergeResult> {
  const { files } = findFiles(options.load.paths, options.load.cwd, options.load)
  const file = files.find(({ path }) => path === options.into)
  if (file === undefined) throw new TypeError(`${options.into} is not a file of the spec`)
  const before = await survey(spec, files, file, options)
  let proposals = before.proposals
  for (;;) {
    const text = textOf(file, before.opened, proposals)
    const blamed = await check(text, file, proposals, options)
    if (blamed.size === 0) return finish(text, spec, files, file, proposals, before.opened)
    proposals = proposals.map((one) => withdrawn(one, blamed.get(one)))
  }
}

interface Surveyed {
  readonly opened: OpenedTree
  readonly proposals: readonly Proposal[]
}

async function survey(
  spec: Spec,
  files: readonly SpecFile[],
  file: SpecFile,
  options: MergeOptions,
): Promise<Surveyed> {
  const { kinds } = options.load
  const { documents } = await readDocuments(files, { ...options.load, strict: false }, [])
  const opened = openText(withEnd(file.text))
  const scene: Scene = {
    file,
    files,
    opened,
    overlaid: overlaidFields(documents, kinds),
    updateFiles: options.updateFiles,
  }
  const rules = new Map(spec.scopes.map(({ scope, ignore }) => [formatScope(scope), ignore]))
  const { changes, problems } = diff(withNumbers(spec, options.live).spec, options.live)
  const proposals = [
    ...changes.flatMap((change) => propose(change, rules.get(formatScope(change.scope)) ?? [], scene)),
    ...ambiguous(spec, problems),
    ...proposeFresh(spec, options.live, documents, scene),
    ...(options.allSections ? proposeSections(spec, options.live, documents, kinds, scene) : []),
  ]
  return { opened, proposals: proposals.filter(({ item }) => options.wanted(item.scope, item.address)) }
}

/** Declared objects of which there are two. */
function ambiguous(spec: Spec, problems: readonly Problem[]): Proposal[] {
  return problems.flatMap(({ code, message, source }) => {
    const object = spec.objects.find((one) => one.source === source)
    if (code !== 'AMBIGUOUS_LIVE' || object === undefined) return []
    const { scope, address } = object
    return [{ item: { outcome: 'conflict' as const, scope, address, why: message, source: object.source }, edits: [] }]
  })
}

function isActive({ item }: Proposal): boolean {
  return item.outcome === 'updated' || item.outcome === 'added'
}

function withdrawn(proposal: Proposal, why: string | undefined): Proposal {
  return why === undefined ? proposal : { item: { ...proposal.item, outcome: 'conflict', why }, edits: [] }
}

function textOf(file: SpecFile, opened: OpenedTree, proposals: readonly Proposal[]): string {
  const active = proposals.filter(isActive)
  const edits: Edit[] = active.flatMap((one) => one.edits)
  for (const group of grouped(active)) {
    const [first] = group
    if (first?.fresh === undefined) continue
    const { list, section } = first.fresh
    if (section === undefined) append(edits, additions(opened, list, group))
  }
  const sections = new Map<number, Record<string, unknown>>()
  for (const { fresh } of active) {
    if (fresh?.section === undefined) continue
    const document = sections.get(fresh.list.document) ?? {}
    sections.set(fresh.list.document, document)
    document[fresh.section.name] = joinedSection(fresh.section, document[fresh.section.name], fresh.value)
  }
  for (const [document, content] of sections) append(edits, newSections(opened, document, content))
  const text = applyEdits(opened.text, edits)
  return file.text === opened.text ? text : text.replace(/\r?\n$/, '')
}

function joinedSection(kind: ResourceKind, known: unknown, value: unknown): unknown {
  if (kind.singleton === undefined) return [...(Array.isArray(known) ? known : []), value]
  return kind.singleton === 'one' ? value : Object.assign({}, known, value)
}

/** What is added, by the list to which it is. */
function grouped(proposals: readonly Proposal[]): Proposal[][] {
  const groups = new Map<string, Proposal[]>()
  for (const one of proposals) {
    if (one.fresh === undefined) continue
    const name = `${one.fresh.list.document} ${JSON.stringify(one.fresh.list.path)}`
    groups.set(name, [...(groups.get(name) ?? []), one])
  }
  return [...groups.values()]
}

/** Where each proposal is in the file as it would be. */
function placesOf(proposals: readonly Proposal[], opened: OpenedTree): Map<Proposal, Source> {
  const places = new Map<Proposal, Source>(proposals.map((one) => [one, one.item.source]))
  for (const group of grouped(proposals.filter(isActive)))
    for (const [at, one] of group.entries()) {
      if (one.fresh === undefined) continue
      const { list, section } = one.fresh
      const document = opened.documents[list.document]
      const place = document === undefined ? undefined : placeAt(document, list.path)
      const size = place?.ok === true && 'items' in place.node ? place.node.items.length : 0
      if (section?.singleton === undefined) places.set(one, step(list, size + at))
    }
  return places
}

/** Reads the file as it would be: proposals that it does not load with, or that do not say what is live, with the reason. */
async function check(
  text: string,
  file: SpecFile,
  proposals: readonly Proposal[],
  options: MergeOptions,
): Promise<ReadonlyMap<Proposal, string>> {
  const active = proposals.filter((one) => isActive(one) && one.file === undefined)
  const blamed = new Map<Proposal, string>()
  if (active.length === 0) return blamed
  const reading = { ...options.load, strict: false, texts: new Map([[file.path, text]]) }
  const loaded = await load(reading)
  if (!loaded.ok) {
    const places = placesOf(proposals, openText(withEnd(file.text)))
    for (const problem of loaded.problems.filter(isError))
      for (const one of guilty(problem, active, places)) blamed.set(one, `a spec cannot say it: ${problem.message}`)
    return blamed
  }
  const { files } = findFiles(reading.paths, reading.cwd, reading)
  const after = files.find(({ path }) => path === file.path) ?? file
  const again = await survey(loaded.spec, files, after, { ...options, load: reading })
  const left = again.proposals.filter((one) => isActive(one) && one.file === undefined)
  for (const one of active)
    if (left.some(({ item }) => isAbout(one.item, item))) blamed.set(one, 'what would be written means something else')
  return blamed
}

/** Those that stand where a problem is; all of them where it cannot be told, for then nothing may be written. */
function guilty(
  problem: Problem,
  active: readonly Proposal[],
  places: ReadonlyMap<Proposal, Source>,
): readonly Proposal[] {
  const sources = [problem.source, problem.also?.source].filter((one) => one !== undefined)
  const found = active.filter((one) => sources.some((source) => overlaps(source, places.get(one))))
  return found.length > 0 ? found : active
}

function overlaps(one: Source, other: Source | undefined): boolean {
  if (other === undefined || one.file !== other.file || one.document !== other.document) return false
  const length = Math.min(one.path.length, other.path.length)
  return one.path.slice(0, length).every((part, at) => part === other.path[at]) && length > 0
}

/** True if a difference that is left is one that this item was to take away: in its field, or anywhere in what it added. */
function isAbout(item: Item, left: Item): boolean {
  if (qualify(item.scope, item.address) !== qualify(left.scope, left.address)) return false
  return item.outcome === 'added' || item.field === left.field
}

function finish(
  text: string,
  spec: Spec,
  files: readonly SpecFile[],
  file: SpecFile,
  proposals: readonly Proposal[],
  opened: OpenedTree,
): MergeResult {
  const places = placesOf(proposals, opened)
  const locate = locator(files.map((one) => (one === file ? { ...one, text } : one)))
  const order = (name: string) => files.findIndex((one) => one.name === name)
  const touched = new Set(proposals.map(({ item }) => qualify(item.scope, item.address)))
  const kept = spec.objects.filter((one) => {
    const name = qualify(one.scope, one.address)
    if (one.source.file !== file.name || touched.has(name)) return false
    return one.kind.members === undefined || ![...touched].some((other) => other.startsWith(`${name}/`))
  })
  return {
    text,
    isChanged: text !== file.text,
    files: new Map(proposals.flatMap(({ file: made }) => (made === undefined ? [] : [[made.path, made.text]]))),
    items: proposals
      .map((one) => ({ ...one.item, at: locate(places.get(one) ?? one.item.source) }))
      .sort((a, b) => order(a.at.file) - order(b.at.file) || a.at.line - b.at.line || a.at.column - b.at.column),
    kept: kept.length,
  }
}

function withEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}${text.includes('\r\n') ? '\r\n' : '\n'}`
}
