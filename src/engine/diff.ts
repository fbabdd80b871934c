import { formatAddress, formatScope, globMatches, qualify, type Scope } from '../model/address.ts'
import { isOneCall } from '../model/call.ts'
import { canonicalKey } from '../model/canon.ts'
import type { Change, DesiredObject, FieldChange, MemberChanges } from '../model/change.ts'
import { fieldOf, type LiveObject, type ResourceKind } from '../model/kind.ts'
import type { Live } from '../model/live.ts'
import type { Problem } from '../model/problem.ts'
import type { ScopeSpec, Section, Spec } from '../model/spec.ts'
import { isIgnored } from './assemble.ts'
import { changedFields, changedMembers, memberKey, missingForCreate, missingSecrets, newFields } from './fields.ts'

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

/** Compares what is desired with what is live, two ways. Only collections that were read to the end are looked at. */
export function diff(spec: Spec, live: Live): Diff {
  const changes: Change[] = []
  const unmanaged: Unmanaged[] = []
  const problems: Problem[] = []
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
      diffCollection({ scope, section, objects, live: collection.objects }, { changes, unmanaged, problems })
    }
    warnUnusedRules(scope, live, problems)
  }
  return { changes, unmanaged, problems }
}

interface Compared {
  readonly scope: ScopeSpec
  readonly section: Section
  readonly objects: readonly DesiredObject[]
  readonly live: readonly LiveObject[]
}

interface Found {
  readonly changes: Change[]
  readonly unmanaged: Unmanaged[]
  readonly problems: Problem[]
}

function diffCollection({ scope, section, objects, live }: Compared, found: Found): void {
  const { kind } = section
  const byKey = new Map<string, LiveObject[]>()
  for (const one of live) {
    const same = byKey.get(one.key)
    if (same === undefined) byKey.set(one.key, [one])
    else same.push(one)
  }
  const taken = new Set<LiveObject>()
  for (const desired of objects) {
    const match = matchOf(desired, byKey, found.problems)
    if (match === 'ambiguous') continue
    if (match !== undefined) taken.add(match)
    found.changes.push(changeOf(desired, match, scope, found))
  }
  if (kind.singleton !== undefined) return
  for (const one of live) {
    if (taken.has(one) || one.dormant || isIgnored(scope.ignore, kind.name, one.key)) continue
    const address = formatAddress(kind.name, one.key)
    if (section.mode !== 'authoritative') found.unmanaged.push({ scope: scope.scope, address })
    else if (kind.calls.delete?.byWhat === 'secret') {
      found.unmanaged.push({ scope: scope.scope, address })
      found.problems.push({
        code: 'CANNOT_DELETE',
        severity: 'warning',
        message: `${qualify(scope.scope, address)} is not in the spec, and the API removes it only for whoever has the whole key`,
        hint: `add an entry with "state: absent" and the key, or remove it in the console`,
        source: section.source,
      })
    } else
      found.changes.push({ action: 'delete', kind, scope: scope.scope, key: one.key, address, live: one, fields: [] })
  }
}

function matchOf(
  desired: DesiredObject,
  byKey: ReadonlyMap<string, readonly LiveObject[]>,
  problems: Problem[],
): LiveObject | 'ambiguous' | undefined {
  const { kind } = desired
  const old = desired.moved === undefined ? undefined : canonicalKey(fieldOf(kind, kind.key), desired.moved)
  const [now, before] = [byKey.get(desired.key) ?? [], old === undefined ? [] : (byKey.get(old) ?? [])]
  const matches = now.length > 0 ? now : before
  if (matches.length <= 1) return matches[0]
  problems.push({
    code: 'AMBIGUOUS_LIVE',
    message: `${matches.length} live objects have the ${kind.key} "${desired.key}" (ids ${matches.map((one) => one.id).join(', ')})`,
    hint: `give all but one of them another ${kind.key} in the console`,
    source: desired.source,
  })
  return 'ambiguous'
}

function changeOf(desired: DesiredObject, live: LiveObject | undefined, scope: ScopeSpec, found: Found): Change {
  const { kind, key, address } = desired
  const common = { kind, scope: desired.scope, key, address }
  if (desired.state === 'absent') {
    if (live === undefined || live.dormant) return { ...common, action: 'noop', desired }
    if (desired.protect) found.problems.push(protectedProblem(desired))
    return { ...common, action: 'delete', live, desired, fields: [] }
  }
  if (live === undefined) {
    found.problems.push(...createProblems(desired))
    return { ...common, action: 'create', desired, fields: newFields(kind, desired.values) }
  }
  const renamed: FieldChange[] =
    live.key === desired.key || kind.singleton !== undefined
      ? []
      : [{ path: kind.key, before: live.key, after: desired.key, sensitive: false }]
  const members = membersOf(desired, live, scope, found)
  const others = changedFields(kind, desired.values, live.values).filter((field) => field.path !== kind.key)
  const woken: FieldChange[] =
    live.dormant && kind.dormant !== undefined
      ? [{ path: kind.dormant, before: true, after: false, sensitive: false }]
      : []
  const fields = [...woken, ...renamed, ...others, ...members.fields]
  if (fields.length === 0) return { ...common, action: 'noop', desired, live }
  found.problems.push(...updateProblems(desired, fields))
  return {
    ...common,
    action: 'update',
    desired,
    live,
    fields,
    ...(members.changes === undefined ? {} : { members: members.changes }),
  }
}

function membersOf(
  desired: DesiredObject,
  live: LiveObject,
  scope: ScopeSpec,
  found: Found,
): { readonly fields: readonly FieldChange[]; readonly changes?: MemberChanges } {
  const { members } = desired.kind
  if (members === undefined || desired.values[members.field] === undefined) return { fields: [] }
  const { changes, extra } = changedMembers(desired.kind, members, desired.values, live.values)
  const addressOf = (item: unknown) => `${desired.address}/${String(memberKey(members, item))}`
  const loose = extra.filter(
    (item) => !isIgnored(scope.ignore, desired.kind.name, addressOf(item).slice(desired.kind.name.length + 1)),
  )
  const authoritative = scope.sections.get(desired.kind.name)?.mode === 'authoritative'
  const removed = authoritative ? loose : []
  if (!authoritative) for (const item of loose) found.unmanaged.push({ scope: desired.scope, address: addressOf(item) })
  const before = live.values[members.field]
  const kept = (Array.isArray(before) ? before : []).filter((item: unknown) => !removed.includes(item))
  const editedKeys = new Set(changes.edited.map((item) => memberKey(members, item)))
  const after = [
    ...kept.map((item: unknown) =>
      editedKeys.has(memberKey(members, item))
        ? changes.edited.find((one) => memberKey(members, one) === memberKey(members, item))
        : item,
    ),
    ...changes.added,
  ]
  const same = changes.added.length + changes.edited.length + removed.length === 0
  return {
    fields: same ? [] : [{ path: members.field, before, after, sensitive: false }],
    changes: { ...changes, removed, after },
  }
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
  const { kind, address, source } = desired
  const problems: Problem[] = missingForCreate(kind.fields, desired.values).map((path) => ({
    code: 'MISSING_FIELD',
    message: `${address} is new and needs "${path}"`,
    source,
  }))
  if (kind.calls.create === undefined)
    problems.push({ code: 'CANNOT_CREATE', message: `the API has no call that makes a ${kind.title}`, source })
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
      if (field?.immutable === true || !canRename(kind))
        problems.push({
          code: 'CANNOT_RENAME',
          message: `the API has no call that renames this ${kind.title}: "${String(before)}" stays what it is`,
          hint: 'make the new one, move its users over, then remove the old one',
          source: { ...source, path: [...source.path, 'moved'] },
        })
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

/** Whether an object of this kind can get another key and stay the same object. */
export function canRename(kind: ResourceKind): boolean {
  const { update } = kind.calls
  return update !== undefined && isOneCall(update) && update.renames !== undefined
}

function canUpdate(kind: ResourceKind, field: string): boolean {
  const { update } = kind.calls
  if (kind.members?.field === field) return true
  return update !== undefined && (isOneCall(update) || field in update)
}

function warnUnusedRules({ scope, ignore, sections }: ScopeSpec, live: Live, problems: Problem[]): void {
  for (const rule of ignore) {
    const collection = live.get(formatScope(scope))?.collections.get(rule.kind)
    if (
      collection?.known === true &&
      collection.objects.some((one) => globMatches(rule.key, one.key) || rule.key.startsWith(`${one.key}/`))
    )
      continue
    const where = sections.has(rule.kind) ? 'matches nothing' : 'is about a section that is not here'
    problems.push({
      code: 'UNUSED_RULE',
      severity: 'warning',
      message: `"${rule.text}" ${where}`,
      source: rule.source,
    })
  }
}
