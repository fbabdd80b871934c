import { formatScope, qualify } from '../../model/address.ts'
import { append } from '../../model/append.ts'
import { isIgnored } from '../../model/desired/ignored.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import type { Spec } from '../../model/desired/spec.ts'
import { defined } from '../../model/json.ts'
import type { FieldChange } from '../../model/kind/difference.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import { nameIn } from '../../model/kind/twin-key.ts'
import { type Memory, NO_MEMORY } from '../../model/ledger/memory.ts'
import type { LedgerEntry } from '../../model/ledger/record.ts'
import type { Problem } from '../../model/problem.ts'
import type { Change } from '../../model/run/change.ts'
import type { Live } from '../../model/run/live.ts'
import { shellWord } from '../../model/text/shell.ts'
import { sentSecrets } from '../../model/value/secrets.ts'
import { changedFields, newFields } from './fields.ts'
import type { ComparedCollection, DiffDraft } from './found.ts'
import { generatedFields } from './generated.ts'
import { forgotten, leftovers, unproven } from './leftovers.ts'
import { matchOf, recordedEntryOf } from './match.ts'
import { diffMembers, type MemberDiff } from './members.ts'
import { createProblems, protectedProblem, updateProblems, warnUnusedRules } from './problems.ts'
import { combined, explainFields } from './reason.ts'
import type { Unmanaged } from './unmanaged.ts'

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
  const found: DiffDraft = { changes: [], unmanaged: [], problems: [] }
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

function diffCollection(compared: ComparedCollection, found: DiffDraft): void {
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

function changeOf(
  desired: DesiredObject,
  live: LiveObject | undefined,
  { scope, section, memory }: ComparedCollection,
  found: DiffDraft,
): Change {
  const { kind, key, address } = desired
  const { account } = desired.scope
  const common = { kind, scope: desired.scope, key, address }
  const known = memory.knows(account)
  const entry = known ? recordedEntryOf(desired, live, memory) : undefined
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
    ...defined({ members: members.changes }),
  }
}

/** A secret of the spec that mailconfig has never sent: the earlier one is still in effect, and no comparison could tell. */
function neverSent(desired: DesiredObject, entry: LedgerEntry): Problem[] {
  const { kind, values, address, source, resend } = desired
  const paths = [...sentSecrets(kind.fields, values).keys()].filter((path) => entry.secrets[path] === undefined)
  if (paths.length === 0 || resend !== undefined || kind.singleton !== undefined) return []
  return [
    {
      code: 'NEVER_SENT',
      severity: 'warning',
      message: `${paths.join(' and ')} of ${address} was never sent by mailconfig, so the earlier one is still in effect`,
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
  where: Pick<ComparedCollection, 'scope' | 'section'>,
  found: DiffDraft,
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
