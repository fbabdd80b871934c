import { isRecord } from '../model/canon.ts'
import type { Field, Fields } from '../model/field.ts'
import type { ResourceKind } from '../model/kind.ts'
import type { Path, Source } from '../model/position.ts'
import { isError, type Problem } from '../model/problem.ts'
import { accountFields, entryWords, safetyFields } from '../model/sections.ts'
import type { SpecFile } from './files.ts'
import type { LoadOptions } from './load.ts'
import { parse } from './parse.ts'
import { type Resolver, resolver, step } from './resolve.ts'
import { structureProblems } from './structure.ts'

/** One document of a spec with its references replaced; structurally sound. */
export interface Document {
  readonly file: SpecFile
  readonly source: Source
  readonly overlay: boolean
  readonly account: string | undefined
  readonly subaccount: string | undefined
  readonly accounts: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly manage: Readonly<Record<string, unknown>>
  readonly ignore: readonly string[]
  readonly safety: Readonly<Record<string, unknown>>
  /** Section contents by kind, as in the file but resolved. */
  readonly sections: ReadonlyMap<string, unknown>
}

interface Raw {
  readonly file: SpecFile
  readonly source: Source
  readonly value: Readonly<Record<string, unknown>>
  /** What is wrong with its structure; without an error it is used. */
  readonly found: readonly Problem[]
}

/** Parses, validates and resolves every document of every file; what is wrong goes into `problems`. */
export async function readDocuments(
  files: readonly SpecFile[],
  options: LoadOptions,
  problems: Problem[],
): Promise<readonly Document[]> {
  const raws: Raw[] = []
  for (const file of files) {
    const parsed = await parse(file)
    if (!parsed.ok) {
      problems.push(...parsed.problems)
      continue
    }
    parsed.documents.forEach((value, document) => {
      const source = { file: file.name, document, path: [] }
      if (value === null || value === undefined) return
      const found = validateDocument(value, source, options)
      problems.push(...found)
      if (isRecord(value)) raws.push({ file, source, value, found })
    })
  }
  const shared = overlayVars(raws)
  for (const raw of raws) if (isBroken(raw)) problems.push(...referenceProblems(raw, shared, options))
  return raws.filter((raw) => !isBroken(raw)).map((raw) => resolveDocument(raw, shared, options, problems))
}

function isBroken({ found }: Raw): boolean {
  return found.some(isError)
}

/** What is wrong with the references of a document that is broken otherwise: said now, and not after the first repair. */
function referenceProblems(raw: Raw, shared: Readonly<Record<string, string>>, options: LoadOptions): Problem[] {
  const { value, found } = raw
  if (value['vars'] !== undefined && !isRecord(value['vars'])) return [] // nobody knows which variables it means to set
  const exec = options.exec && (() => '') // no command runs for a document that cannot be used
  const { replace } = replaceReferences(raw, shared, { ...options, exec }, [])
  const said = new Set(found.map(placeOf))
  return replace.problems.filter((problem) => !said.has(placeOf(problem)))
}

function placeOf({ source }: Problem): string {
  return JSON.stringify(source?.path)
}

function validateDocument(value: unknown, source: Source, options: LoadOptions): Problem[] {
  return structureProblems(options.validate(value), source, (path) => isSensitive(options.kinds, path))
}

/** True if a path leads to a secret, or into one: its value is never quoted. */
function isSensitive(kinds: readonly ResourceKind[], path: Path): boolean {
  const [section, ...rest] = path
  const names = rest.filter((part) => typeof part === 'string')
  let fields: Fields | undefined =
    section === 'accounts' ? accountFields : kinds.find((kind) => kind.name === section)?.fields
  for (const name of names) {
    const field: Field | undefined = fields?.[name]
    if (field?.secret === true) return true
    if (field?.type === 'object' && name === names.at(-1) && secretPaths(field.fields).length > 0) return true
    const inner: Field | undefined = field !== undefined && 'items' in field ? field.items : field
    if (inner?.type === 'object') fields = inner.fields
  }
  return false
}

/** Variables of overlays count for every document; they come after its own and before the command line's. */
function overlayVars(raws: readonly Raw[]): Readonly<Record<string, string>> {
  return Object.assign({}, ...raws.filter((raw) => raw.value['overlay'] === true).map((raw) => varsOf(raw.value)))
}

function varsOf(value: Readonly<Record<string, unknown>>): Record<string, string> {
  const vars = value['vars']
  return isRecord(vars) ? Object.fromEntries(Object.entries(vars).map(([name, one]) => [name, String(one)])) : {}
}

function replaceReferences(
  { file, source, value }: Raw,
  shared: Readonly<Record<string, string>>,
  options: LoadOptions,
  problems: Problem[],
): { readonly resolved: Readonly<Record<string, unknown>>; readonly replace: Resolver } {
  const vars = { ...varsOf(value), ...shared, ...options.vars }
  const replace = resolver(file, { env: options.env, vars, exec: options.exec })
  const resolved: Record<string, unknown> = { ...value }
  for (const kind of options.kinds) {
    if (value[kind.name] === undefined) continue
    warnLiterals(kind, value[kind.name], step(source, kind.name), problems)
    resolved[kind.name] = resolveSection(kind, value[kind.name], step(source, kind.name), replace)
  }
  if (isRecord(value['accounts']))
    resolved['accounts'] = resolveAccounts(value['accounts'], source, replace, options, problems)
  const limits = value['safety']
  if (isRecord(limits)) resolved['safety'] = replace.entry(safetyFields, limits, step(source, 'safety'))
  const plain: Field = { type: 'string', doc: '' }
  for (const word of ['account', 'subaccount'])
    if (value[word] !== undefined) resolved[word] = replace.value(plain, value[word], step(source, word))
  return { resolved, replace }
}

function resolveDocument(
  raw: Raw,
  shared: Readonly<Record<string, string>>,
  options: LoadOptions,
  problems: Problem[],
): Document {
  const { file, source, value } = raw
  const { resolved, replace } = replaceReferences(raw, shared, options, problems)
  problems.push(...replace.problems)
  if (replace.touched && replace.problems.length === 0) problems.push(...validateDocument(resolved, source, options))
  const text = (word: string) => (typeof resolved[word] === 'string' ? resolved[word] : undefined)
  return {
    file,
    source,
    overlay: value['overlay'] === true,
    account: text('account'),
    subaccount: text('subaccount'),
    accounts: recordOfRecords(resolved['accounts']),
    manage: isRecord(value['manage']) ? value['manage'] : {},
    safety: isRecord(resolved['safety']) ? resolved['safety'] : {},
    ignore: Array.isArray(value['ignore']) ? value['ignore'].map(String) : [],
    sections: new Map(
      options.kinds.filter((kind) => resolved[kind.name] !== undefined).map((kind) => [kind.name, resolved[kind.name]]),
    ),
  }
}

function recordOfRecords(value: unknown): Record<string, Readonly<Record<string, unknown>>> {
  const entries = isRecord(value) ? Object.entries(value) : []
  return Object.fromEntries(entries.filter((entry): entry is [string, Record<string, unknown>] => isRecord(entry[1])))
}

function resolveAccounts(
  accounts: Readonly<Record<string, unknown>>,
  source: Source,
  replace: Resolver,
  options: LoadOptions,
  problems: Problem[],
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [name, account] of Object.entries(accounts)) {
    if (!isRecord(account)) continue
    const at = step(step(source, 'accounts'), name)
    const { apiKey, token, ...rest } = account
    for (const [word, value] of Object.entries({ apiKey, token }))
      if (typeof value === 'string' && !value.includes('${')) problems.push(literalSecret(step(at, word), word))
    result[name] = replace.entry(accountFields, options.emulated === true ? rest : account, at)
  }
  return result
}

function resolveSection(kind: ResourceKind, value: unknown, source: Source, replace: Resolver): unknown {
  const fields = { ...kind.fields, ...entryWords }
  if (kind.singleton === 'one') return isRecord(value) ? replace.entry(fields, value, source) : value
  if (kind.singleton !== undefined && isRecord(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, entry]) => [
        name,
        isRecord(entry) ? replace.entry(fields, entry, step(source, name)) : entry,
      ]),
    )
  if (!Array.isArray(value)) return value
  const short = kind.shorthand === undefined ? undefined : kind.fields[kind.shorthand]
  return value.map((entry, at) => {
    if (isRecord(entry)) return replace.entry(fields, entry, step(source, at))
    return short === undefined ? entry : replace.value(short, entry, step(source, at))
  })
}

/** A secret that is written out in the file is seen by everybody who sees the file. */
function warnLiterals(kind: ResourceKind, section: unknown, source: Source, problems: Problem[]): void {
  const secrets = secretPaths(kind.fields)
  if (secrets.length === 0) return
  const entries = Array.isArray(section) ? section : isRecord(section) ? [section] : []
  entries.forEach((entry, at) => {
    for (const path of secrets) {
      const value = path.reduce<unknown>((part, name) => (isRecord(part) ? part[name] : undefined), entry)
      if (typeof value !== 'string' || value.includes('${')) continue
      problems.push(literalSecret({ ...source, path: [...source.path, at, ...path] }, path.join('.')))
    }
  })
}

function literalSecret(source: Source, name: string): Problem {
  return {
    code: 'LITERAL_SECRET',
    severity: 'warning',
    message: `"${name}" is written out in the file`,
    hint: 'write a reference such as ${env:NAME} and keep the value out of Git',
    source,
  }
}

/** The paths of the secrets among fields. */
export function secretPaths(fields: Fields): string[][] {
  return Object.entries(fields).flatMap(([name, field]) => {
    if (field.secret === true) return [[name]]
    return field.type === 'object' ? secretPaths(field.fields).map((path) => [name, ...path]) : []
  })
}
