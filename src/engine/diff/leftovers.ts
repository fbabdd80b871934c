import { formatAddress, formatScope, qualify } from '../../model/address.ts'
import { append } from '../../model/append.ts'
import { isIgnored } from '../../model/desired/ignored.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import type { ScopeSpec, SectionSpec } from '../../model/desired/spec.ts'
import { defined } from '../../model/json.ts'
import type { Reason } from '../../model/kind/difference.ts'
import { fieldOf, hasOwnId } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import { keyWithId } from '../../model/kind/twin-key.ts'
import type { Memory } from '../../model/ledger/memory.ts'
import type { Problem } from '../../model/problem.ts'
import type { Change } from '../../model/run/change.ts'
import { shellWord } from '../../model/text/shell.ts'
import { canonicalKey } from '../../model/value/canonical.ts'
import type { Unmanaged } from './unmanaged.ts'

/** What is live of a section and was not met by any entry of the spec. */
interface Leftover {
  readonly scope: ScopeSpec
  readonly section: SectionSpec
  readonly objects: readonly DesiredObject[]
  readonly live: readonly LiveObject[]
  readonly memory: Memory
}

/** What becomes of it. */
interface Leftovers {
  readonly changes: readonly Change[]
  readonly unmanaged: readonly Unmanaged[]
  readonly problems: readonly Problem[]
}

type Verdict = 'delete' | 'keep' | 'doubtful' | 'found'

/** Deletes what the section's mode says and lists the rest: all for `authoritative`, what we made for `owned`, nothing else. */
export function leftovers(left: Leftover): Leftovers {
  const { scope, section, live } = left
  const { kind } = section
  const changes: Change[] = []
  const unmanaged: Unmanaged[] = []
  const problems: Problem[] = []
  const kept: Record<'doubtful' | 'found', string[]> = { doubtful: [], found: [] }
  const moved = movedFrom(left)
  const twins = openTwins(left)
  append(problems, twins.problems)
  for (const one of live) {
    if (twins.keys.has(one.key)) continue
    if (one.dormant || isIgnored(scope.ignore, kind.name, one.key)) continue
    const address = formatAddress(kind.name, one.key)
    const verdict = judged(one, left, moved)
    if (verdict !== 'delete' || kind.calls.delete?.byWhat === 'secret') unmanaged.push({ scope: scope.scope, address })
    if (verdict === 'doubtful' || verdict === 'found') kept[verdict].push(address)
    if (verdict !== 'delete') continue
    if (kind.calls.delete?.byWhat === 'secret')
      problems.push({
        code: 'CANNOT_DELETE',
        severity: 'warning',
        message: `${qualify(scope.scope, address)} is not in the spec, and the API removes it only if it is given the whole key`,
        hint: `add an entry with "state: absent" and the key, or remove it in the console`,
        source: section.source,
      })
    else {
      const reason = reasonOfDelete(left, one)
      changes.push({
        action: 'delete',
        kind,
        scope: scope.scope,
        key: one.key,
        address,
        live: one,
        fields: [],
        ...defined({ reason }),
      })
    }
  }
  if (kept.doubtful.length > 0) problems.push(unproven(left, kept.doubtful))
  if (kept.found.length > 0)
    problems.push({
      code: 'OWNED_KEPT',
      severity: 'warning',
      message: `${shortList(kept.found)} were removed from the spec and stay in "${formatScope(scope.scope)}": mailconfig changed them but did not create them`,
      hint: 'set "state: absent" to delete one, or adopt it before you remove it from the spec',
      source: section.source,
    })
  return { changes, unmanaged, problems }
}

/** The accounts of which something is `owned` and nobody remembers anything: said once for each, however many sections. */
export function forgotten(scopes: readonly ScopeSpec[], memory: Memory): Problem[] {
  const accounts = new Map<string, { readonly section: SectionSpec; readonly kinds: Set<string> }>()
  for (const { scope, sections } of scopes)
    for (const section of sections.values()) {
      if (section.mode !== 'owned' || memory.knows(scope.account)) continue
      const known = accounts.get(scope.account) ?? { section, kinds: new Set() }
      known.kinds.add(section.kind.name)
      accounts.set(scope.account, known)
    }
  return [...accounts].map(([account, { section, kinds }]) => ({
    code: 'OWNED_WITHOUT_LEDGER',
    severity: 'warning',
    message: `there is no ledger of what is ours in "${account}": no owned object will be deleted (${[...kinds].join(', ')})`,
    hint: 'the first apply with a ledger starts the record; "mailconfig adopt --all" records what is declared and live',
    source: section.source,
  }))
}

/** Both sides of a rotation that is open stay, whatever the mode is, until somebody confirms or aborts it. */
function openTwins({ scope, section, live, memory }: Leftover): {
  readonly keys: ReadonlySet<string>
  readonly problems: readonly Problem[]
} {
  const there = new Set(live.flatMap((one) => (one.dormant ? [] : [one.key])))
  const open = memory
    .entries(scope.scope, section.kind.name)
    .flatMap(({ key, twinOf }) =>
      twinOf !== undefined && (there.has(key) || there.has(twinOf)) ? [{ key, twinOf }] : [],
    )
  const problems = open.map(({ key, twinOf }): Problem => {
    const name = qualify(scope.scope, formatAddress(section.kind.name, twinOf))
    return {
      code: 'ROTATION_OPEN',
      severity: 'warning',
      message: `the rotation of ${name} is open: its twin is "${key}", and both stay`,
      hint: `"mailconfig rotate ${shellWord(formatAddress(section.kind.name, twinOf))} --confirm" retires the old one, --abort the twin`,
      source: section.source,
    }
  })
  return {
    keys: new Set(open.flatMap(({ key, twinOf }) => [key, twinOf])),
    problems: section.isComposed === true ? [] : problems,
  }
}

/** What `owned` would delete if it were certain whose record it is. */
export function unproven(
  { scope, section }: Pick<Leftover, 'scope' | 'section'>,
  addresses: readonly string[],
): Problem {
  return {
    code: 'OWNED_UNPROVEN',
    severity: 'warning',
    message: `${shortList(addresses)} were removed from the spec and would be deleted, but it is not certain that the record is about "${scope.scope.account}": it was written with another credential`,
    hint: 'apply with the credential that wrote the record to delete them, or run "mailconfig adopt --all" with this one',
    source: section.source,
  }
}

function judged(one: LiveObject, { scope, section, memory }: Leftover, moved: ReadonlySet<string>): Verdict {
  if (section.mode === 'authoritative') return 'delete'
  const { account } = scope.scope
  if (section.mode !== 'owned' || !memory.knows(account) || moved.has(one.key)) return 'keep'
  const entry = memory.entry(scope.scope, section.kind.name, one.key)
  if (entry === undefined || (hasOwnId(section.kind) && entry.id !== one.id)) return 'keep'
  if (entry.origin === 'changed') return 'found'
  return memory.proves(account) ? 'delete' : 'doubtful'
}

/** What an entry says that it was called is that entry's business, not a leftover. */
function movedFrom({ objects, section: { kind } }: Leftover): ReadonlySet<string> {
  if (kind.singleton !== undefined) return new Set()
  const field = fieldOf(kind, kind.key)
  return new Set(
    objects.flatMap(({ moved, id }) => {
      if (moved === undefined) return []
      const name = canonicalKey(field, moved)
      return [id === undefined ? name : keyWithId(name, id)]
    }),
  )
}

function reasonOfDelete({ scope, section, memory }: Leftover, one: LiveObject): Reason | undefined {
  if (!memory.knows(scope.scope.account)) return undefined
  return memory.entry(scope.scope, section.kind.name, one.key) === undefined ? 'drift' : 'spec'
}

/** Names a few and counts the rest. */
function shortList(addresses: readonly string[]): string {
  const shown = addresses.slice(0, 5).join(', ')
  return addresses.length > 5 ? `${shown} and ${addresses.length - 5} more` : shown
}
