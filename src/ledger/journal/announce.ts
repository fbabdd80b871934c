import { defined } from '../../model/json.ts'
import type { Values } from '../../model/kind/field.ts'
import { isWhole } from '../../model/kind/kind.ts'
import type { LedgerChange } from '../../model/ledger/record.ts'
import { recordable, recordableValue } from '../../model/ledger/recordable.ts'
import type { Change } from '../../model/run/change.ts'
import type { Secret } from '../../model/secret.ts'
import { memberText } from '../../model/value/member.ts'
import { sentSecrets } from '../../model/value/secrets.ts'
import { fingerprinted } from '../record/entries.ts'
import type { Fingerprints } from '../record/fingerprint.ts'

/** A change that does something. */
type Real = Exclude<Change, { readonly action: 'noop' }>

/** A change as the journal announces it: what it writes, what was there, no secret. */
export function announced(change: Real, prints: Fingerprints | undefined): LedgerChange {
  const { kind, key, address, scope, action } = change
  const about = { address, subaccount: scope.subaccount, kind: kind.name, key, action, outcome: 'pending' as const }
  switch (change.action) {
    case 'create':
      return {
        ...about,
        after: recordable(kind.fields, change.desired.values),
        ...defined({ twinOf: change.desired.twinOf }),
        ...secretsOf(sentSecrets(kind.fields, change.desired.values), prints),
      }
    case 'delete':
      return { ...about, id: change.live.id, before: recordable(kind.fields, change.live.values) }
    case 'update':
      return {
        ...about,
        id: change.live.id,
        ...written(change),
        ...(kind.singleton === undefined && change.live.key !== key ? { renamedFrom: change.live.key } : {}),
        ...secretsOf(sentWith(change), prints),
        ...membersOf(change),
      }
  }
}

/** The fields that an update writes, as they were and as they will be; whole ones, for the way back writes them too. */
function written(change: Change & { action: 'update' }): { readonly before: Values; readonly after: Values } {
  const { kind, live, desired, members } = change
  const [before, after]: [Record<string, unknown>, Record<string, unknown>] = [{}, {}]
  const changed = change.fields.flatMap(({ path, sensitive }) => (sensitive ? [] : path.split('.').slice(0, 1)))
  for (const name of new Set([...changed, ...(isWhole(kind) ? Object.keys(desired.values) : [])])) {
    const field = kind.fields[name]
    if (field === undefined || field.computed === true || field.local === true || name === kind.key) continue
    if (field.secret === true) continue
    before[name] = recordableValue(field, live.values[name] ?? null)
    after[name] = recordableValue(field, (name === kind.members?.field ? members?.after : desired.values[name]) ?? null)
  }
  return { before, after }
}

/** An update sends the top-level fields that it touches, or all of them where the API wants them whole. */
function sentWith({ kind, desired, fields }: Change & { action: 'update' }): ReadonlyMap<string, Secret> {
  const all = sentSecrets(kind.fields, desired.values)
  if (isWhole(kind)) return all
  const touched = new Set(fields.map(({ path }) => path.split('.')[0]))
  return new Map([...all].filter(([path]) => touched.has(path.split('.')[0])))
}

function secretsOf(
  secrets: ReadonlyMap<string, Secret>,
  prints: Fingerprints | undefined,
): Pick<LedgerChange, 'secrets'> {
  if (secrets.size === 0) return {}
  return { secrets: fingerprinted(secrets, prints) }
}

function membersOf({ kind, members }: Change & { action: 'update' }): Pick<LedgerChange, 'members'> {
  if (members === undefined || kind.members === undefined) return {}
  const texts = (items: readonly unknown[]) => items.map((item) => memberText(kind, item))
  return { members: { added: texts(members.added), removed: texts(members.removed) } }
}
