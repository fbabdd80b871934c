import { formatScope, qualify, type Scope } from '../model/address.ts'
import { append } from '../model/append.ts'
import { isIgnored, matchesRule } from '../model/desired/ignored.ts'
import type { DesiredObject } from '../model/desired/object.ts'
import type { ScopeSpec, Section, Spec } from '../model/desired/spec.ts'
import { isOneCall } from '../model/kind/call.ts'
import type { FieldChange } from '../model/kind/difference.ts'
import { canRename, fieldOf, hasOwnId, type ResourceKind } from '../model/kind/kind.ts'
import type { LiveObject } from '../model/kind/live-object.ts'
import { keyWithId, partsOfKey } from '../model/kind/twin-key.ts'
import { type Memory, NO_MEMORY } from '../model/ledger/memory.ts'
import type { LedgerEntry } from '../model/ledger/record.ts'
import type { Problem } from '../model/problem.ts'
import type { Change } from '../model/run/change.ts'
import type { Live } from '../model/run/live.ts'
import { shellWord } from '../model/text/shell.ts'
import { canonicalKey } from '../model/value/canonical.ts'
import { sentSecrets } from '../model/value/secrets.ts'
import { changedFields, missingForCreate, missingSecrets, newFields } from './fields.ts'
import { generatedFields, toGenerate } from './generated.ts'
import { forgotten, leftovers, unproven } from './leftover.ts'
import { diffMembers, type MemberDiff } from './members.ts'
import { combined, explainFields } from './reason.ts'

/** A live object that the spec does not name and that stays as it is. */
export interface Unmanaged {
  readonly scope: Scope
  readonly address: string
}

/** Everything that differs, and what stands in the way of it. */
export interface Diff {
  readonly changes: readonly Change[]
  readonly unmanaged: readonly Unmanaged[]
  readonly problems: readonly Problem[]
}

/**
 * Compares what is desired with what is live, and with what was applied before where somebody remembers. Only collections that
 * were read to the end are looked at.
 */
export function diff(spec: Spec, live: Live, memory: Memory = NO_MEMORY): Diff {
  const found: Found = { changes: [], unmanaged: [], problems: [] }
  const declared = new Map<string, DesiredObject[]>()
  for (const object of spec.objects) {
    const name = qualify(object.scope, object.kind.name)
    const same = declared.get(name)
    if (same === undefined) declared.set(name, [object])
    else same.push(object)
  }
  for (const scope of spec.scopes) {
    for (const section of scope.sections.values()) {
      const collection = live.get(formatScope(scope.scope))?.collections.get(section.kind.name)
      if (collection?.known !== true) continue
      const objects = declared.get(qualify(scope.scope, section.kind.name)) ?? []
      diffCollection({ scope, section, objects, live: collection.objects, memory }, found)
    }
    warnUnusedRules(scope, live, found.problems)
  }
  append(found.problems, forgotten(spec.scopes, memory))
  return found
}

interface Compared {
  readonly scope: ScopeSpec
  readonly section: Section
  readonly objects: readonly DesiredObject[]
  readonly live: readonly LiveObject[]
  readonly memory: Memory
}

interface Found {
  readonly changes: Change[]
  readonly unmanaged: Unmanaged[]
  readonly problems: Problem[]
}

function diffCollection(compared: Compared, found: Found): void {
  const { section, objects, live } = compared
  const byKey = new Map<string, LiveObject[]>()
  for (const one of live) {
    const same = byKey.get(one.key)
    if (same === undefined) byKey.set(one.key, [one])
    else same.push(one)
  }
  const taken = new Set<LiveObject>()
  for (const desired of objects) {
    const match = matchOf(desired, byKey, compared, found.problems)
    if (match === 'ambiguous') continue
    if (match !== undefined) taken.add(match)
    found.changes.push(changeOf(desired, match, compared, found))
  }
  const rest = section.kind.singleton === undefined ? live.filter((one) => !taken.has(one)) : []
  const left = leftovers({ ...compared, live: rest })
  append(found.changes, left.changes)
  append(found.unmanaged, left.unmanaged)
  append(found.problems, left.problems)
}

function matchOf(
  desired: DesiredObject,
  byKey: ReadonlyMap<string, readonly LiveObject[]>,
  compared: Compared,
  problems: Problem[],
): LiveObject | 'ambiguous' | undefined {
  const { kind } = desired
  const old = oldKey(desired) ?? (desired.id === undefined ? undefined : keyWithId('', desired.id)) // one without a name may get one
  const [now, before] = [openFirst(byKey.get(desired.key)), old === undefined ? [] : openFirst(byKey.get(old))]
  const matches = now.length > 0 ? now : before
  const key = now.length > 0 ? desired.key : (old ?? desired.key)
  if (matches.length === 0) return renamedOutside(desired, compared)
  if (matches.length === 1) {
    if (now.length === 1 && before.length === 0) sayMoved(desired, old, compared.memory, problems)
    return matches[0]
  }
  problems.push({
    code: 'AMBIGUOUS_LIVE',
    message: `${matches.length} live objects have the ${kind.key} "${key}" (ids ${matches.map((one) => one.id).join(', ')})`,
    hint:
      kind.twins === undefined
        ? `give all but one of them another ${kind.key} in the console`
        : `say which one is meant with "id: ${matches[0]?.id}" in the entry, or give all but one of them another ${kind.key} in the console`,
    source: desired.source,
  })
  return 'ambiguous'
}

/** Those that are open; the closed ones where none is. */
function openFirst(named: readonly LiveObject[] = []): readonly LiveObject[] {
  const open = named.filter(({ dormant }) => !dormant)
  return open.length > 0 ? open : named
}

function oldKey({ kind, moved, id }: DesiredObject): string | undefined {
  if (moved === undefined) return undefined
  const name = canonicalKey(fieldOf(kind, kind.key), moved)
  return id === undefined ? name : keyWithId(name, id)
}

/** Our object under a name that nobody declares: it was renamed outside, or is the twin that took over, and is no other one. */
function renamedOutside(desired: DesiredObject, { objects, live, memory }: Compared): LiveObject | undefined {
  const { kind, scope, key, state } = desired
  const twin = memory.entries(scope, kind.name).find(({ twinOf }) => twinOf === key)?.key
  const stands = live.find((one) => one.key === twin && !one.dormant && !objects.some((other) => other.key === twin))
  if (state === 'present' && stands !== undefined) return stands
  if (state === 'absent' || !hasOwnId(kind) || !memory.proves(scope.account)) return undefined
  const id = memory.entry(scope, kind.name, key)?.id ?? ''
  const declared = (one: LiveObject) => objects.some((other) => other.key === one.key || oldKey(other) === one.key)
  return id === '' ? undefined : live.find((one) => one.id === id && !one.dormant && !declared(one))
}

/** A rename that is done needs no word any more, and would mislead whoever reuses the old name. */
function sayMoved(desired: DesiredObject, old: string | undefined, memory: Memory, problems: Problem[]): void {
  const { kind, scope, key, source, address } = desired
  if (old === undefined || old === key || memory.entry(scope, kind.name, key) === undefined) return
  if (memory.entry(scope, kind.name, old) !== undefined) return
  problems.push({
    code: 'MOVED_DONE',
    severity: 'warning',
    message: `${address} has moved from "${old}" already`,
    hint: 'take "moved" out of the spec',
    source: { ...source, path: [...source.path, 'moved'] },
  })
}

/** What was last applied to an object, under its name or the one that it had. */
function entryOf(desired: DesiredObject, live: LiveObject | undefined, memory: Memory): LedgerEntry | undefined {
  const { kind, scope, key } = desired
  const old = oldKey(desired)
  const before = old !== undefined && live?.key === old ? memory.entry(scope, kind.name, old) : undefined
  return before ?? memory.entry(scope, kind.name, key)
}

function changeOf(
  desired: DesiredObject,
  live: LiveObject | undefined,
  { scope, section, memory }: Compared,
  found: Found,
): Change {
  const { kind, key, address } = desired
  const { account } = desired.scope
  const common = { kind, scope: desired.scope, key, address }
  const known = memory.knows(account)
  const entry = known ? entryOf(desired, live, memory) : undefined
  if (desired.state === 'absent') {
    if (live === undefined || live.dormant) return { ...common, action: 'noop', desired }
    if (desired.protect) found.problems.push(protectedProblem(desired))
    return { ...common, action: 'delete', live, desired, fields: [], ...(known ? { reason: 'spec' as const } : {}) }
  }
  if (live === undefined) {
    append(found.problems, createProblems(desired))
    const reason = known ? { reason: entry === undefined ? ('spec' as const) : ('drift' as const) } : {}
    const fields = [...newFields(kind, desired.values), ...generatedFields(desired)]
    return { ...common, action: 'create', desired, fields, ...reason }
  }
  const renamed: FieldChange[] =
    live.key === desired.key || kind.singleton !== undefined
      ? []
      : [{ path: kind.key, before: nameIn(kind, live.key), after: nameIn(kind, desired.key), sensitive: false }]
  const members = diffMembers(desired, live, {
    mode: section.mode,
    entry,
    proven: memory.proves(account),
    isIgnored: (member) =>
      isIgnored(scope.ignore, kind.name, memberAddress(desired, member).slice(kind.name.length + 1)),
  })
  noteMembers(desired, members, { scope, section }, found)
  if (entry !== undefined && renamed.length === 0) append(found.problems, neverSent(desired, entry))
  const others = changedFields(kind, desired.values, live.values, (path, secret) => {
    const isOther = entry !== undefined && memory.isSame(account, entry.secrets[path], secret) === false
    if (isOther || desired.isRenewed === true) return 'new'
    return desired.resend?.includes(path) === true ? 'again' : undefined
  }).filter((field) => field.path !== kind.key)
  const woken: FieldChange[] =
    live.dormant && kind.dormant !== undefined
      ? [{ path: kind.dormant, before: true, after: false, sensitive: false, ...(entry ? { reason: 'drift' } : {}) }]
      : []
  const plain = [...woken, ...renamed, ...others, ...members.fields]
  if (plain.length === 0) return { ...common, action: 'noop', desired, live }
  append(found.problems, updateProblems(desired, plain))
  const fields = entry === undefined ? plain : explainFields(plain, { kind, entry, live, desired: desired.values })
  const reasons = fields.flatMap(({ reason }) => (reason === undefined ? [] : [reason]))
  return {
    ...common,
    action: 'update',
    desired,
    live,
    fields,
    ...(reasons.length === 0 ? {} : { reason: combined(reasons) }),
    ...(members.changes === undefined ? {} : { members: members.changes }),
  }
}

/** The name in a key that may have an id beside it. */
function nameIn(kind: ResourceKind, key: string): string {
  return partsOfKey(kind, key)?.name ?? key
}

/** A secret of the spec that mailconfig has never sent: the one before is still in force, and no comparison could tell. */
function neverSent(desired: DesiredObject, entry: LedgerEntry): Problem[] {
  const { kind, values, address, source, resend } = desired
  const paths = [...sentSecrets(kind.fields, values).keys()].filter((path) => entry.secrets[path] === undefined)
  if (paths.length === 0 || resend !== undefined || kind.singleton !== undefined) return []
  return [
    {
      code: 'NEVER_SENT',
      severity: 'warning',
      message: `${paths.join(' and ')} of ${address} was never sent by mailconfig, so the one from before is still in force`,
      hint: `"mailconfig rotate ${shellWord(address)}" sends it`,
      source: { ...source, path: [...source.path, ...(paths[0] ?? '').split('.')] },
    },
  ]
}

function memberAddress({ address }: DesiredObject, member: string): string {
  return `${address}/${member}`
}

function noteMembers(
  desired: DesiredObject,
  { unmanaged, doubtful }: MemberDiff,
  where: Pick<Compared, 'scope' | 'section'>,
  found: Found,
): void {
  for (const member of unmanaged)
    found.unmanaged.push({ scope: desired.scope, address: memberAddress(desired, member) })
  if (doubtful.length > 0)
    found.problems.push(
      unproven(
        where,
        doubtful.map((member) => memberAddress(desired, member)),
      ),
    )
}

function protectedProblem(desired: DesiredObject): Problem {
  return {
    code: 'PROTECTED',
    message: `${desired.address} is protected and cannot be deleted`,
    hint: 'take "protect: true" away first, in a change of its own',
    source: desired.source,
  }
}

function createProblems(desired: DesiredObject): Problem[] {
  const { kind, address, source, id } = desired
  if (id !== undefined)
    return [
      {
        code: 'WRONG_ID',
        message: `there is no ${kind.title} with the id ${id} and the ${kind.key} "${nameIn(kind, desired.key)}", and only the API gives ids`,
        hint: `look which ids there are with "mailconfig export", or take "id" out to make a new one`,
        source: { ...source, path: [...source.path, 'id'] },
      },
    ]
  const made = new Set(toGenerate(desired))
  const missing = missingForCreate(kind.fields, desired.values).filter((path) => !made.has(path))
  const problems: Problem[] = missing.map((path) => ({
    code: 'MISSING_FIELD',
    message: `${address} is new and needs "${path}"`,
    source,
  }))
  if (kind.calls.create === undefined)
    problems.push({ code: 'CANNOT_CREATE', message: `the API has no call that makes ${address}`, source })
  return problems
}

function updateProblems(desired: DesiredObject, fields: readonly FieldChange[]): Problem[] {
  const { kind, address, source } = desired
  const problems: Problem[] = []
  for (const { path, before, after } of fields) {
    const name = path.split('.')[0] ?? path
    const field = kind.fields[name]
    const at = { ...source, path: [...source.path, ...path.split('.')] }
    if (path === kind.key) {
      if (field?.immutable === true || !canRename(kind)) problems.push(cannotRename(desired, String(before)))
    } else if (field?.immutable === true)
      problems.push({
        code: 'IMMUTABLE',
        message: `${address}.${path} cannot be changed once it is set: it is ${JSON.stringify(before)}, not ${JSON.stringify(after)}`,
        hint: 'take the live value into the spec, or leave the field out',
        source: at,
      })
    else if (field?.computed !== true && !canUpdate(kind, name))
      problems.push({
        code: 'CANNOT_CHANGE',
        message: `the API has no call that changes ${address}.${path}`,
        hint: 'take the live value into the spec, or leave the field out',
        source: at,
      })
  }
  for (const path of missingSecrets(kind.fields, desired.values, fields))
    problems.push({
      code: 'NEEDS_SECRET',
      message: `this change of ${address} needs "${path}" again`,
      hint: 'a stored secret is never sent to another place unasked; add it as ${env:NAME}',
      source,
    })
  return problems
}

function cannotRename({ kind, address, key, moved, source }: DesiredObject, before: string): Problem {
  const code = 'CANNOT_RENAME'
  if (moved === undefined)
    return {
      code,
      message: `${address} is called "${before}" now, which nobody wrote in the spec, and the API has no call that renames it back`,
      hint: `write "${before}" instead of "${key}", or rename it back in the console`,
      source: { ...source, path: [...source.path, kind.key] },
    }
  return {
    code,
    message: `the API has no call that renames this ${kind.title}: "${before}" stays what it is`,
    hint: 'make the new one, move its users over, then remove the old one',
    source: { ...source, path: [...source.path, 'moved'] },
  }
}

function canUpdate(kind: ResourceKind, field: string): boolean {
  const { update } = kind.calls
  if (kind.members?.field === field) return true
  return update !== undefined && (isOneCall(update) || field in update)
}

function warnUnusedRules({ scope, ignore, sections }: ScopeSpec, live: Live, problems: Problem[]): void {
  const used = new Set<string>()
  for (const rule of ignore) {
    const collection = live.get(formatScope(scope))?.collections.get(rule.kind)
    if (collection?.known !== true) continue
    if (collection.objects.some((one) => matchesRule(rule, one.key) || coversMember(rule.key, one, collection.objects)))
      used.add(rule.text)
  }
  for (const rule of new Map(ignore.map((one) => [one.text, one])).values()) {
    if (used.has(rule.text)) continue
    const where = sections.has(rule.kind) ? 'matches nothing' : 'is about a section that is not here'
    problems.push({
      code: 'UNUSED_RULE',
      severity: 'warning',
      message: `"${rule.text}" ${where}`,
      source: rule.source,
    })
  }
}

/** True if a rule is about entries of this list: its key stands in front of a slash, and a list of which there is one has none. */
function coversMember(key: string, one: LiveObject, all: readonly LiveObject[]): boolean {
  return one.key === '' ? all.length === 1 : key.startsWith(`${one.key}/`)
}
