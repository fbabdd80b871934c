import { formatAddress, formatScope, globMatches, qualify, type Scope } from '../model/address.ts'
import type { DesiredObject } from '../model/change.ts'
import type { ResourceKind } from '../model/kind.ts'
import type { Path, Source } from '../model/position.ts'
import type { Problem } from '../model/problem.ts'
import { MODES, type Mode } from '../model/sections.ts'
import type { Account, IgnoreRule, Reference, ScopeSpec, Section, Spec } from '../model/spec.ts'
import { readBulk } from './bulk.ts'
import type { Document } from './documents.ts'
import { finishEntry } from './finish.ts'
import type { LoadOptions } from './load.ts'
import type { Entry, Merged } from './overlay.ts'
import { collectReferences } from './references.ts'
import { step } from './resolve.ts'
import { type SaidSafety, safetyFor, safetyOf } from './safety.ts'
import { sharedTargets } from './targets.ts'

interface Draft {
  readonly scope: Scope
  readonly sections: Map<string, Section>
  readonly ignore: IgnoreRule[]
}

/** Turns entries into objects: each in its scope, its key once, its values in their one form. */
export function assemble(
  { documents, entries }: Merged,
  accounts: ReadonlyMap<string, Account>,
  options: LoadOptions,
  problems: Problem[],
): Pick<Spec, 'scopes' | 'objects' | 'references'> {
  const scopes = new Map<string, Draft>()
  const said: SaidSafety[] = []
  const draftOf = (scope: Scope): Draft => {
    const name = formatScope(scope)
    const known = scopes.get(name)
    const fresh = known ?? { scope, sections: new Map(), ignore: [] }
    if (known === undefined) scopes.set(name, fresh)
    return fresh
  }

  for (const document of documents) {
    const homes = new Map<string, Scope>()
    const rules = ignoreRules(document, options.kinds, problems)
    for (const kind of options.kinds) {
      if (!document.sections.has(kind.name)) continue
      const scope = scopeOf(document, kind, accounts, problems)
      if (scope === undefined) continue
      const draft = draftOf(scope)
      draft.sections.set(kind.name, sectionOf(document, kind, draft.sections.get(kind.name), problems))
      if (!homes.has(formatScope(scope))) {
        const near = options.kinds.filter((one) => one.api === kind.api)
        draft.ignore.push(...rules.filter((rule) => near.some((one) => one.name === rule.kind)))
      }
      homes.set(formatScope(scope), scope)
    }
    warnUnused(document, options.kinds, problems)
    const safety = safetyOf(document.safety, document.source)
    if (safety !== undefined) said.push({ scopes: placesOf(document, [...homes.values()]), safety })
  }

  const objects: DesiredObject[] = []
  const first = new Map<string, DesiredObject>()
  for (const entry of entries) {
    const scope = scopeOf(entry.document, entry.kind, accounts)
    if (scope === undefined) continue
    for (const one of expand(entry, problems)) {
      const object = toObject(one, scope, problems)
      const name = qualify(scope, object.address)
      const before = first.get(name)
      if (before === undefined) {
        first.set(name, object)
        objects.push(object)
      } else problems.push(duplicate(object, before))
    }
  }
  const drafts = [...scopes.values()].map((draft) => ({ ...draft, ...safetyFor(draft.scope, said) }))
  for (const draft of drafts) checkIgnored(draft, objects, problems)
  const references = collectReferences(objects)
  problems.push(...danglingReferences(references, first, scopes), ...sharedTargets(objects))
  return { scopes: drafts satisfies readonly ScopeSpec[], objects, references }
}

/** Where a document's `safety:` counts: where its sections are, or else in the account that it names, or everywhere. */
function placesOf({ account, subaccount }: Document, homes: readonly Scope[]): readonly Scope[] | undefined {
  if (homes.length > 0) return homes
  return account === undefined ? undefined : [{ account, subaccount: subaccount ?? null }]
}

function duplicate(object: DesiredObject, before: DesiredObject): Problem {
  return {
    code: 'DUPLICATE_ENTRY',
    message: `${object.kind.title} "${object.key || object.address}" is declared twice in "${formatScope(object.scope)}"`,
    source: object.source,
    also: { message: 'first here', source: before.source },
  }
}

function expand(entry: Entry, problems: Problem[]): readonly Entry[] {
  const list = entry.values['file']
  if (entry.kind.bulk !== true || typeof list !== 'string') return [entry]
  return readBulk(entry, list, problems)
}

function toObject(entry: Entry, scope: Scope, problems: Problem[]): DesiredObject {
  const { kind, source } = entry
  const finished = finishEntry(kind, entry.values, source, problems)
  const key = kind.singleton === undefined ? String(finished[kind.key] ?? entry.key) : entry.key
  const moved = entry.values['moved']
  const state = entry.values['state'] === 'absent' ? 'absent' : 'present'
  if (state === 'present')
    for (const { code, message, hint, severity, path } of kind.check?.(finished) ?? [])
      problems.push({
        code,
        message,
        source: { ...source, path: [...source.path, ...path] },
        ...(hint === undefined ? {} : { hint }),
        ...(severity === undefined ? {} : { severity }),
      })
  return {
    kind,
    scope,
    key,
    address: formatAddress(kind.name, key),
    values: finished,
    state,
    protect: entry.values['protect'] === true,
    source,
    ...(typeof moved === 'string' ? { moved } : {}),
  }
}

/** The scope in which a document keeps a kind; without `problems` it only answers. */
export function scopeOf(
  document: Document,
  kind: ResourceKind,
  accounts: ReadonlyMap<string, Account>,
  problems?: Problem[],
): Scope | undefined {
  const fail = (code: string, message: string, source: Source, hint: string): undefined => {
    problems?.push({ code, message, source, hint })
  }
  const at = step(document.source, kind.name)
  const fitting = [...accounts.values()].filter((account) => account.api === kind.api)
  let account: Account | undefined
  if (document.account === undefined) {
    account = fitting[0]
    if (account === undefined)
      return fail(
        'NO_ACCOUNT',
        `"${kind.name}" needs a ${kind.api} account, and none is declared`,
        at,
        'declare one under accounts:',
      )
    if (fitting.length > 1)
      return fail(
        'NO_ACCOUNT',
        `"${kind.name}" could belong to ${fitting.map((one) => `"${one.name}"`).join(' or ')}`,
        at,
        'say which with account:',
      )
  } else {
    account = accounts.get(document.account)
    if (account === undefined) {
      const known = [...accounts.keys()].join(', ') || 'none'
      return fail(
        'NO_ACCOUNT',
        `there is no account "${document.account}"`,
        step(document.source, 'account'),
        `declared: ${known}`,
      )
    }
    if (account.api !== kind.api)
      return fail(
        'WRONG_SCOPE',
        `"${kind.name}" needs a ${kind.api} account, and "${account.name}" is a ${account.api} one`,
        at,
        'move it to a document of its own',
      )
  }
  if (document.subaccount === undefined) return { account: account.name, subaccount: null }
  if (kind.scope === 'account')
    return fail(
      'WRONG_SCOPE',
      `"${kind.name}" cannot be kept in the document of a subaccount: its API takes no subaccount_id`,
      at,
      kind.name === 'subaccounts' || kind.api === 'backoffice'
        ? 'move it to the document of the account'
        : 'declare an account of its own with an API key of that subaccount',
    )
  return { account: account.name, subaccount: document.subaccount }
}

function sectionOf(document: Document, kind: ResourceKind, known: Section | undefined, problems: Problem[]): Section {
  const { manage } = document
  const own = modeOf(manage[kind.name])
  const mode = own ?? known?.mode ?? modeOf(manage['default']) ?? 'additive'
  const source = step(step(document.source, 'manage'), kind.name)
  if (known !== undefined && own !== undefined && known.mode !== own && known.mode !== 'additive')
    problems.push({
      code: 'CONFLICTING_MODE',
      message: `"${kind.name}" is ${own} here and ${known.mode} elsewhere`,
      source,
      also: { message: 'the other place', source: known.source },
    })
  const { allowEmpty } = manage
  const may = allowEmpty === true || (Array.isArray(allowEmpty) && allowEmpty.includes(kind.name))
  return { kind, mode, allowEmpty: may || known?.allowEmpty === true, source }
}

function modeOf(value: unknown): Mode | undefined {
  return MODES.find((mode) => mode === value)
}

function warnUnused(document: Document, kinds: readonly ResourceKind[], problems: Problem[]): void {
  for (const kind of kinds) {
    if (document.manage[kind.name] === undefined || document.sections.has(kind.name)) continue
    problems.push({
      code: 'UNUSED_MODE',
      severity: 'warning',
      message: `"${kind.name}" is not in this document, so its mode means nothing`,
      source: step(step(document.source, 'manage'), kind.name),
    })
  }
}

function ignoreRules(document: Document, kinds: readonly ResourceKind[], problems: Problem[]): IgnoreRule[] {
  return document.ignore.flatMap((text, at) => {
    const source = step(step(document.source, 'ignore'), at)
    const slash = text.indexOf('/')
    const name = slash < 0 ? text : text.slice(0, slash)
    const kind = kinds.find((one) => one.name === name)
    if (kind === undefined) {
      problems.push({
        code: 'BAD_VALUE',
        message: `"${text}" names no kind`,
        source,
        hint: 'such as smtpUsers/legacy-*',
      })
      return []
    }
    const rest = slash < 0 ? '*' : text.slice(slash + 1)
    const dot = rest.lastIndexOf('.')
    const field = dot > 0 && rest.slice(dot + 1) in kind.fields ? rest.slice(dot + 1) : undefined
    const key = field === undefined ? rest : rest.slice(0, dot)
    return [{ text, kind: name, key, source, ...(field === undefined ? {} : { field }) }]
  })
}

/** True if a rule covers an object as a whole. */
export function isIgnored(rules: readonly IgnoreRule[], kind: string, key: string): boolean {
  return rules.some((rule) => rule.field === undefined && rule.kind === kind && globMatches(rule.key, key))
}

function checkIgnored(draft: Draft, objects: readonly DesiredObject[], problems: Problem[]): void {
  if (draft.ignore.length === 0) return
  const here = objects.filter((one) => formatScope(one.scope) === formatScope(draft.scope))
  for (const rule of draft.ignore) {
    for (const object of here.filter((one) => one.kind.name === rule.kind && globMatches(rule.key, one.key))) {
      if (rule.field !== undefined && object.values[rule.field] === undefined) continue
      const path: Path = rule.field === undefined ? [] : [rule.field]
      problems.push({
        code: 'IGNORED_AND_DECLARED',
        message: `"${rule.text}" ignores what is declared as ${object.address}${rule.field === undefined ? '' : `.${rule.field}`}`,
        source: rule.source,
        also: { message: 'declared here', source: { ...object.source, path: [...object.source.path, ...path] } },
      })
    }
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
