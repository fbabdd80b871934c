import type { DesiredObject } from '../../model/desired/object.ts'
import { fieldOf, hasOwnId } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import { keyWithId } from '../../model/kind/twin-key.ts'
import type { Memory } from '../../model/ledger/memory.ts'
import type { LedgerEntry } from '../../model/ledger/record.ts'
import type { Problem } from '../../model/problem.ts'
import { canonicalKey } from '../../model/value/canonical.ts'
import type { ComparedCollection } from './found.ts'

/** The live object that a declared one means; undefined where there is none yet or where nobody can tell. */
export function matchOf(
  desired: DesiredObject,
  byKey: ReadonlyMap<string, readonly LiveObject[]>,
  compared: ComparedCollection,
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
        ? `change the ${kind.key} of all but one of them in the console`
        : `say which one is meant with "id: ${matches[0]?.id}" in the entry, or change the ${kind.key} of all but one of them in the console`,
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
function renamedOutside(desired: DesiredObject, { objects, live, memory }: ComparedCollection): LiveObject | undefined {
  const { kind, scope, key, state } = desired
  const twin = memory.entries(scope, kind.name).find(({ twinOf }) => twinOf === key)?.key
  const stands = live.find((one) => one.key === twin && !one.dormant && !objects.some((other) => other.key === twin))
  if (state === 'present' && stands !== undefined) return stands
  if (state === 'absent' || !hasOwnId(kind) || !memory.proves(scope.account)) return undefined
  const id = memory.entry(scope, kind.name, key)?.id ?? ''
  const declared = (one: LiveObject) => objects.some((other) => other.key === one.key || oldKey(other) === one.key)
  return id === '' ? undefined : live.find((one) => one.id === id && !one.dormant && !declared(one))
}

/** A completed rename no longer needs `moved`, which would mislead anyone who reuses the old name. */
function sayMoved(desired: DesiredObject, old: string | undefined, memory: Memory, problems: Problem[]): void {
  const { kind, scope, key, source, address } = desired
  if (old === undefined || old === key || memory.entry(scope, kind.name, key) === undefined) return
  if (memory.entry(scope, kind.name, old) !== undefined) return
  problems.push({
    code: 'MOVED_DONE',
    severity: 'warning',
    message: `${address} has moved from "${old}" already`,
    hint: 'remove "moved" from the spec',
    source: { ...source, path: [...source.path, 'moved'] },
  })
}

/** What was last applied to an object, under its name or the one that it had. */
export function recordedEntryOf(
  desired: DesiredObject,
  live: LiveObject | undefined,
  memory: Memory,
): LedgerEntry | undefined {
  const { kind, scope, key } = desired
  const old = oldKey(desired)
  const before = old !== undefined && live?.key === old ? memory.entry(scope, kind.name, old) : undefined
  return before ?? memory.entry(scope, kind.name, key)
}
