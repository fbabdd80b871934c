import { append } from '../../model/append.ts'
import { accountFieldsOf, entryWords, safetyFields } from '../../model/desired/document-fields.ts'
import { isRecord, mapEntries } from '../../model/json.ts'
import { SIGN_IN_FIELDS } from '../../model/kind/api.ts'
import type { Field, Fields } from '../../model/kind/field.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import { walkFields } from '../../model/kind/walk.ts'
import { type Path, type Source, step } from '../../model/position.ts'
import { isError, type Problem } from '../../model/problem.ts'
import { Secret } from '../../model/secret.ts'
import type { SpecFile } from '../yaml/files.ts'
import { parse } from '../yaml/parse.ts'
import type { Document } from './document.ts'
import { type Resolver, resolver } from './interpolate.ts'
import { literalSecrets, warnLiterals } from './literal-secrets.ts'
import type { LoadOptions } from './options.ts'
import { structureProblems } from './schema-problems.ts'
import { textsOfVars } from './variables.ts'

interface Raw {
  readonly file: SpecFile
  readonly source: Source
  readonly value: Readonly<Record<string, unknown>>
  /** What is wrong with its structure. */
  readonly found: readonly Problem[]
  /** Its variables as they are written. */
  readonly vars: Readonly<Record<string, string>>
}

/** Documents, and how many of their references stand for a value that nobody looked up. */
interface ReadDocuments {
  readonly documents: readonly Document[]
  readonly open: number
  /** True where a part of a document was left out because something is wrong with it: what refers to that part is no problem of its own. */
  readonly isPruned: boolean
}

/** Parses, validates and resolves every document of every file; what is wrong goes into `problems`, and what is sound is read all the same. */
export async function readDocuments(
  files: readonly SpecFile[],
  options: LoadOptions,
  problems: Problem[],
): Promise<ReadDocuments> {
  const raws: Raw[] = []
  for (const file of files) {
    const parsed = await parse(file)
    if (!parsed.ok) {
      append(problems, parsed.problems)
      continue
    }
    const values = parsed.documents.map((value, document) => ({ value, document }))
    const there = values.filter(({ value }) => value !== null && value !== undefined)
    const [first] = there
    if (first === undefined) problems.push(nothingIn(file))
    else if (isRecord(first.value) && first.value['version'] === undefined)
      problems.push({
        code: 'MISSING_FIELD',
        message: 'the field "version" is missing',
        hint: 'a file of a spec begins with "version: 1"',
        source: { file: file.name, document: first.document, path: [] },
      })
    for (const { value, document } of there) {
      const source = { file: file.name, document, path: [] }
      const found = [...validateDocument(value, source, options), ...unsafeNumbers(value, source)]
      append(problems, found)
      if (!isRecord(value)) continue
      const odd: Problem[] = []
      const vars = await textsOfVars(file, document, value['vars'], source, odd)
      const said = new Set(found.map(pathText))
      append(
        problems,
        odd.filter((problem) => !said.has(pathText(problem))),
      )
      raws.push({ file, source, value: pruned(value, found), found, vars })
    }
  }
  const shared = overlayVars(raws)
  let open = 0
  const documents = raws.map((raw) => {
    const { document, isOpen } = resolveDocument(raw, shared, options, problems)
    open += isOpen
    return document
  })
  return { documents, open, isPruned: raws.some(isBroken) }
}

function nothingIn({ name }: SpecFile): Problem {
  return {
    code: 'NOTHING_DECLARED',
    message: `"${name}" declares nothing`,
    hint: 'was it emptied by accident? remove the file if it is no longer needed',
    at: { file: name, line: 1, column: 1 },
  }
}

function isBroken({ found }: Raw): boolean {
  return found.some(isError)
}

/** Which variables a document sets is unknown if its `vars` cannot be read. */
function hasBrokenVars({ found }: Raw): boolean {
  return found.some((problem) => isError(problem) && problem.source?.path[0] === 'vars')
}

function isVariable({ code, message }: Problem): boolean {
  return code === 'UNSET_VARIABLE' && message.startsWith('the variable')
}

function pathText({ source }: Problem): string {
  return JSON.stringify(source?.path)
}

/** A document without the values that are known to be wrong, so that all that is beside them can be checked, too. */
function pruned(
  value: Readonly<Record<string, unknown>>,
  found: readonly Problem[],
): Readonly<Record<string, unknown>> {
  const errors = found.filter(isError)
  if (errors.length === 0) return value
  const copy: Record<string, unknown> = structuredClone(value)
  for (const { source, code } of errors) if (source !== undefined && code !== 'MISSING_FIELD') cut(copy, source.path)
  return copy
}

/** Takes out what stands at a path; an item of a list leaves a gap, so that the places of the others stay. */
function cut(holder: unknown, [name, ...rest]: Path): void {
  if (name === undefined || typeof holder !== 'object' || holder === null || !(name in holder)) return
  const inner: unknown = Reflect.get(holder, name)
  if (rest.length > 0) cut(inner, rest)
  else if (Array.isArray(holder)) holder[Number(name)] = undefined
  else Reflect.deleteProperty(holder, name)
}

/** Numbers that JSON and YAML readers round silently. */
function unsafeNumbers(value: unknown, source: Source): Problem[] {
  if (typeof value === 'number')
    return Number.isInteger(value) && !Number.isSafeInteger(value)
      ? [
          {
            code: 'UNSAFE_NUMBER',
            message: `this number has too many digits and would be rounded to ${value}`,
            hint: 'write it in quotes',
            source,
          },
        ]
      : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) =>
    typeof one === 'number' || typeof one === 'object'
      ? name === 'vars' && source.path.length === 0
        ? []
        : unsafeNumbers(one, step(source, Array.isArray(value) ? Number(name) : name))
      : [],
  )
}

function validateDocument(value: unknown, source: Source, options: LoadOptions): Problem[] {
  return structureProblems(options.validate(value), source, (path) => isSensitive(options, path))
}

/** True if a path leads to a secret, or into one: its value is never quoted. */
function isSensitive({ kinds, apis }: LoadOptions, path: Path): boolean {
  const [section, ...rest] = path
  const names = rest.filter((part) => typeof part === 'string')
  let fields: Fields | undefined =
    section === 'accounts' ? accountFieldsOf(apis) : kinds.find((kind) => kind.name === section)?.fields
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
  return Object.assign({}, ...raws.filter((raw) => raw.value['overlay'] === true).map((raw) => raw.vars))
}

function replaceReferences(
  { file, source, value, vars: own }: Raw,
  shared: Readonly<Record<string, string>>,
  options: LoadOptions & { readonly mayRun: boolean },
  problems: Problem[],
): { readonly resolved: Readonly<Record<string, unknown>>; readonly replace: Resolver } {
  const { mayRun } = options
  const vars = { ...own, ...shared, ...options.vars }
  const { env, formOnly } = options
  const exec = options.exec && ((command: string) => (mayRun ? options.exec?.(command) : undefined))
  const replace = resolver(file, { env, vars, exec, formOnly, toCome: savedPlaces(value, options.kinds) })
  const resolved: Record<string, unknown> = { ...value }
  for (const kind of options.kinds) {
    if (value[kind.name] === undefined) continue
    warnLiterals(kind, value[kind.name], step(source, kind.name), vars, secretPaths(kind.fields), problems)
    resolved[kind.name] = resolveSection(kind, value[kind.name], step(source, kind.name), replace)
  }
  if (isRecord(value['accounts']))
    resolved['accounts'] = resolveAccounts(value['accounts'], source, replace, options, vars, problems)
  const limits = value['safety']
  if (isRecord(limits)) resolved['safety'] = replace.entry(safetyFields, limits, step(source, 'safety'))
  for (const word of ['account', 'subaccount']) {
    const one = value[word]
    if (typeof one === 'string') resolved[word] = replace.word(one, step(source, word))
  }
  const rules = value['ignore']
  if (Array.isArray(rules))
    resolved['ignore'] = rules.flatMap((rule, at) =>
      typeof rule === 'string' ? (replace.word(rule, step(step(source, 'ignore'), at)) ?? []) : [],
    )
  if (Array.isArray(value['tests'])) resolved['tests'] = resolveTests(value['tests'], step(source, 'tests'), replace)
  return { resolved, replace }
}

/** Tests with their references replaced; each of their words is a text or a list of texts. */
function resolveTests(tests: readonly unknown[], source: Source, replace: Resolver): unknown[] {
  const text = (value: unknown, at: Source) => (typeof value === 'string' ? replace.word(value, at) : value)
  return tests.map((test, at) => {
    if (!isRecord(test)) return test
    const place = step(source, at)
    return mapEntries(test, (value, name) =>
      Array.isArray(value)
        ? value.flatMap((one, index) => text(one, step(step(place, name), index)) ?? [])
        : text(value, step(place, name)),
    )
  })
}

function resolveDocument(
  raw: Raw,
  shared: Readonly<Record<string, string>>,
  options: LoadOptions,
  problems: Problem[],
): { readonly document: Document; readonly isOpen: number } {
  const { file, source, value } = raw
  const { resolved, replace } = replaceReferences(raw, shared, { ...options, mayRun: !isBroken(raw) }, problems)
  const said = new Set(raw.found.map(pathText))
  append(
    problems,
    replace.problems.filter((problem) => !said.has(pathText(problem)) && !(isVariable(problem) && hasBrokenVars(raw))),
  )
  if (replace.touched) append(problems, newProblems(raw, resolved, replace, options))
  const text = (word: string) => (typeof resolved[word] === 'string' ? resolved[word] : undefined)
  const document: Document = {
    file,
    source,
    overlay: value['overlay'] === true,
    account: text('account'),
    subaccount: text('subaccount'),
    accounts: recordOfRecords(resolved['accounts']),
    manage: isRecord(value['manage']) ? value['manage'] : {},
    safety: isRecord(resolved['safety']) ? resolved['safety'] : {},
    lint: isRecord(value['lint']) ? value['lint'] : {},
    tests: resolved['tests'],
    ignore: Array.isArray(resolved['ignore']) ? resolved['ignore'].map(String) : [],
    sections: new Map(
      options.kinds.filter((kind) => resolved[kind.name] !== undefined).map((kind) => [kind.name, resolved[kind.name]]),
    ),
  }
  return { document, isOpen: replace.open }
}

/** What is wrong with a document only since its references are replaced. What a reference could not be replaced by is said already. */
function newProblems(
  raw: Raw,
  resolved: Readonly<Record<string, unknown>>,
  replace: Resolver,
  options: LoadOptions,
): Problem[] {
  const said = [...raw.found, ...replace.problems].flatMap(({ source }) => (source === undefined ? [] : [source.path]))
  const isKnown = (path: Path) =>
    said.some((one) => one.every((part, at) => path[at] === part) || path.every((part, at) => one[at] === part))
  const secrets = new Set<string>()
  const plain = withoutSecrets(resolved, [], secrets)
  const isHidden = (path: Path) => isSensitive(options, path) || secrets.has(JSON.stringify(path))
  return structureProblems(options.validate(plain), raw.source, isHidden).filter(
    ({ source }) => source === undefined || !isKnown(source.path),
  )
}

/** A value as the validator wants it, with the paths at which no problem may quote it. */
function withoutSecrets(value: unknown, path: Path, secrets: Set<string>): unknown {
  if (value instanceof Secret) {
    secrets.add(JSON.stringify(path))
    return value.reveal()
  }
  if (Array.isArray(value)) return value.map((one, at) => withoutSecrets(one, [...path, at], secrets))
  if (!isRecord(value)) return value
  return mapEntries(value, (one, name) => withoutSecrets(one, [...path, name], secrets))
}

/** The files that entries save secrets to: one that is named as a secret and is not there yet will be made. */
function savedPlaces(value: Readonly<Record<string, unknown>>, kinds: readonly ResourceKind[]) {
  const places = new Set<string>()
  for (const { name } of kinds) {
    const section = value[name]
    for (const entry of Array.isArray(section) ? section : []) {
      const target = isRecord(entry) ? entry['saveTo'] : undefined
      if (isRecord(target) && typeof target['file'] === 'string') places.add(target['file'])
    }
  }
  return (path: string): boolean => places.has(path)
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
  vars: Readonly<Record<string, string>>,
  problems: Problem[],
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  const fields = accountFieldsOf(options.apis)
  const credentials = new Set([...options.apis.map(({ credential }) => credential.field), ...SIGN_IN_FIELDS])
  for (const [name, account] of Object.entries(accounts)) {
    if (!isRecord(account)) continue
    const at = step(step(source, 'accounts'), name)
    for (const word of secretPaths(fields).map(([name = '']) => name)) {
      const value = account[word]
      if (typeof value === 'string') append(problems, literalSecrets(value, vars, step(at, word), source, word))
    }
    const needed = Object.entries(account).filter(([word]) => !credentials.has(word))
    const words = replace.entry(fields, options.emulated === true ? Object.fromEntries(needed) : account, at)
    result[name] = mapEntries(words, (value) => (value instanceof Secret ? value.reveal() : value))
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
  return value.flatMap((entry, at) => {
    if (entry === undefined) return [undefined]
    if (isRecord(entry)) return replace.entry(fields, entry, step(source, at))
    return short === undefined ? entry : replace.value(short, entry, step(source, at))
  })
}

/** The paths of the secrets among fields. */
export function secretPaths(fields: Fields): string[][] {
  const found: string[][] = []
  walkFields(fields, ({ secret }, path) => {
    if (secret === true) found.push(path.map(String))
  })
  return found
}
