import { formatAddress, formatScope, qualify, type Scope } from '../../model/address.ts'
import { append } from '../../model/append.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import { collectReferences } from '../../model/desired/references.ts'
import type { Account, IgnoreRule, Reference, ScopeSpec, SectionSpec, Spec } from '../../model/desired/spec.ts'
import type { SpecTest } from '../../model/desired/spec-test.ts'
import { defined } from '../../model/json.ts'
import type { Values } from '../../model/kind/field.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import { keyWithId } from '../../model/kind/twin-key.ts'
import { step } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import type { Document } from '../documents/document.ts'
import type { LoadOptions } from '../documents/options.ts'
import type { Entry, MergedEntry } from '../entries/entry.ts'
import { readBulk } from '../entries/list-file.ts'
import { finishEntry } from '../entries/normalize.ts'
import { scopeOf } from '../entries/scope.ts'
import { tooLarge } from './body-size.ts'
import { checkIgnored, ignoreRules, type SaidRule } from './ignore.ts'
import { lintFor, lintOf, type SaidLint } from './lint-settings.ts'
import { type SaidMode, saidBy, sectionOf } from './modes.ts'
import { moveProblems } from './moves.ts'
import { type SaidSafety, safetyFor, safetyOf } from './safety.ts'
import { sharedTargets } from './shared-targets.ts'
import { testsOf } from './tests.ts'

interface Draft {
  readonly scope: Scope
  readonly sections: Map<string, SectionSpec>
  readonly said: Map<ResourceKind, SaidMode[]>
}

/** Turns entries into objects: each in its scope, its key once, its values in their one form. */
export function assemble(
  { documents, entries }: MergedEntry,
  accounts: ReadonlyMap<string, Account>,
  options: LoadOptions,
  problems: Problem[],
): Pick<Spec, 'scopes' | 'objects' | 'references' | 'tests'> {
  const scopes = new Map<string, Draft>()
  const said: SaidSafety[] = []
  const lint: SaidLint[] = []
  const rules: SaidRule[] = []
  const tests: SpecTest[] = []
  const draftOf = (scope: Scope): Draft => {
    const name = formatScope(scope)
    const known = scopes.get(name)
    const fresh = known ?? { scope, sections: new Map(), said: new Map() }
    if (known === undefined) scopes.set(name, fresh)
    return fresh
  }

  for (const document of documents) {
    const mailHomes = new Map<string, Scope>()
    const homes = new Map<string, Scope>()
    append(rules, ignoreRules(document, options.kinds, accounts, problems))
    for (const kind of options.kinds) {
      if (!document.sections.has(kind.name)) continue
      const scope = scopeOf(document, kind, accounts, problems)
      if (scope === undefined) continue
      const draft = draftOf(scope)
      const known = draft.said.get(kind) ?? []
      draft.said.set(kind, known)
      known.push(saidBy(document, kind))
      homes.set(formatScope(scope), scope)
      if (kind.api.takesMail === true) mailHomes.set(formatScope(scope), scope)
    }
    warnUnused(document, options.kinds, problems)
    const scopesOf = placesOf(document, [...homes.values()])
    append(tests, testsOf(document, [...mailHomes.values()], accounts, problems))
    const safety = safetyOf(document.safety, document.source)
    if (safety !== undefined) said.push({ scopes: scopesOf, safety })
    const levels = lintOf(document.lint)
    if (levels.size > 0) lint.push({ scopes: scopesOf, levels })
  }

  const objects: DesiredObject[] = []
  const first = new Map<string, DesiredObject>()
  for (const entry of entries) {
    const scope = scopeOf(entry.document, entry.kind, accounts)
    if (scope === undefined) continue
    for (const one of expand(entry, options, problems)) {
      const object = toObject(one, scope, problems)
      append(problems, tooLarge(object))
      const name = qualify(scope, object.address)
      const before = first.get(name)
      if (before === undefined) {
        first.set(name, object)
        objects.push(object)
      } else problems.push(duplicate(object, before))
    }
  }
  for (const draft of scopes.values())
    for (const [kind, statements] of draft.said) draft.sections.set(kind.name, sectionOf(kind, statements, problems))
  const drafts = [...scopes.values()].map(
    ({ scope, sections }): ScopeSpec => ({
      scope,
      sections,
      ignore: rules.filter(({ covers }) => covers(scope)).map(({ rule }) => rule),
      ...safetyFor(scope, said),
      ...lintFor(scope, lint),
    }),
  )
  for (const { scope, ignore } of drafts) checkIgnored(scope, ignore, objects, problems)
  for (const { rule, covers } of rules)
    if (!drafts.some(({ scope }) => covers(scope))) problems.push(aboutNothing(rule))
  append(problems, moveProblems(objects))
  const references = collectReferences(objects)
  append(problems, danglingReferences(references, first, scopes), sharedTargets(objects))
  return { scopes: drafts, objects, references, tests }
}

/** Where a document's `safety:` and `lint:` count: where its sections are, or else in the account that it names, or everywhere. */
function placesOf({ account, subaccount }: Document, homes: readonly Scope[]): readonly Scope[] | undefined {
  if (homes.length > 0) return homes
  return account === undefined ? undefined : [{ account, subaccount: subaccount ?? null }]
}

/** A rule about a scope of which the spec keeps nothing; a rule with two readings is named once. */
function aboutNothing({ text, source }: IgnoreRule): Problem {
  return {
    code: 'UNUSED_RULE',
    severity: 'warning',
    message: `"${text}" refers to an account or subaccount that the spec does not manage`,
    source,
  }
}

function duplicate(object: DesiredObject, before: DesiredObject): Problem {
  return {
    code: 'DUPLICATE_ENTRY',
    message: `${object.kind.title} "${object.key || object.address}" is declared twice in "${formatScope(object.scope)}"`,
    source: object.source,
    also: { message: 'first here', source: before.source },
  }
}

function expand(entry: Entry, options: LoadOptions, problems: Problem[]): Iterable<Entry> {
  const list = entry.values['file']
  if (entry.kind.bulk !== true || typeof list !== 'string') return [entry]
  return readBulk(entry, list, problems, options)
}

function toObject(entry: Entry, scope: Scope, problems: Problem[]): DesiredObject {
  const { kind, source } = entry
  const finished = finishEntry(kind, entry.values, source, problems)
  const id = entry.values['id']
  const isById = kind.twins !== undefined && (typeof id === 'string' || typeof id === 'number')
  const name = kind.singleton === undefined ? String(finished[kind.key] ?? (isById ? '' : entry.key)) : entry.key
  const key = isById ? keyWithId(name, String(id)) : name
  const moved = entry.values['moved']
  const state = entry.values['state'] === 'absent' ? 'absent' : 'present'
  if (state === 'present')
    for (const { code, message, hint, severity, path } of kind.check?.(finished) ?? [])
      problems.push({
        code,
        message,
        source: { ...source, path: [...source.path, ...path] },
        ...defined({ hint, severity }),
      })
  return {
    kind,
    scope,
    key,
    address: formatAddress(kind.name, key),
    values: isById ? without(finished, 'id') : finished,
    state,
    protect: entry.values['protect'] === true,
    source,
    ...(typeof moved === 'string' ? { moved } : {}),
    ...(isById ? { id: String(id) } : {}),
  }
}

function without(values: Values, name: string): Values {
  return Object.fromEntries(Object.entries(values).filter(([one]) => one !== name))
}

function warnUnused(document: Document, kinds: readonly ResourceKind[], problems: Problem[]): void {
  for (const kind of kinds) {
    if (document.manage[kind.name] === undefined || document.sections.has(kind.name)) continue
    problems.push({
      code: 'UNUSED_MODE',
      severity: 'warning',
      message: `"${kind.name}" is not in this document, so its mode has no effect`,
      source: step(step(document.source, 'manage'), kind.name),
    })
  }
}

/** References to what the spec itself says is not there; the others are looked up in the live state. */
function danglingReferences(
  references: readonly Reference[],
  objects: ReadonlyMap<string, DesiredObject>,
  scopes: ReadonlyMap<string, Draft>,
): Problem[] {
  return references.flatMap(({ from, kind, key, source }) => {
    if (from.state === 'absent') return []
    const target = objects.get(qualify(from.scope, formatAddress(kind, key)))
    const section = scopes.get(formatScope(from.scope))?.sections.get(kind)
    const gone = target?.state === 'absent' || (target === undefined && section?.mode === 'authoritative')
    if (!gone) return []
    const why = target === undefined ? 'is not declared, and the section is authoritative' : 'is declared absent'
    return [{ code: 'UNKNOWN_REFERENCE', message: `${formatAddress(kind, key)} ${why}`, source }]
  })
}
