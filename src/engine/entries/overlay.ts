import type { Account } from '../../model/desired/spec.ts'
import { isRecord } from '../../model/json.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { Problem } from '../../model/problem.ts'
import type { Document } from '../documents/document.ts'
import { type Entry, entriesOf, type MergedEntry } from './entry.ts'
import { scopeOf } from './scope.ts'

/** Merges the entries of overlay documents into the declared ones by key, field by field. */
export function applyOverlays(
  documents: readonly Document[],
  kinds: readonly ResourceKind[],
  accounts: ReadonlyMap<string, Account>,
  problems: Problem[],
): MergedEntry {
  const entries = documents.filter((one) => !one.overlay).flatMap((one) => entriesOf(one, kinds))
  const byName = new Map<string, number[]>()
  entries.forEach((entry, at) => {
    const name = `${entry.kind.name}/${entry.key}`
    const same = byName.get(name)
    if (same === undefined) byName.set(name, [at])
    else same.push(at)
  })
  for (const overlay of documents.filter((one) => one.overlay)) {
    for (const entry of entriesOf(overlay, kinds)) {
      const targets = (byName.get(`${entry.kind.name}/${entry.key}`) ?? []).filter((at) =>
        isTarget(entries[at], entry, accounts),
      )
      const [at = -1] = targets
      const base = entries[at]
      const other = targets
        .map((one) => entries[one])
        .find((one) => accountOf(one, accounts) !== accountOf(base, accounts))
      if (base !== undefined && other !== undefined)
        problems.push({
          code: 'AMBIGUOUS_OVERLAY',
          message: `"${entry.key || entry.kind.name}" is declared in the accounts "${accountOf(base, accounts)}" and "${accountOf(other, accounts)}"`,
          hint: 'name the one that the overlay changes with account:',
          source: entry.source,
        })
      else if (base !== undefined) entries[at] = { ...base, values: merge(base.values, entry.values) }
      else if (entry.values['state'] === 'present' || entry.kind.singleton !== undefined) entries.push(entry)
      else
        problems.push({
          code: 'OVERLAY_WITHOUT_BASE',
          message: `no declared entry has ${entry.kind.key} "${entry.key}"`,
          hint: 'set "state: present" if the overlay should add it',
          source: entry.source,
        })
    }
  }
  return { documents, entries }
}

/** The account of an entry, whether its document says it or there is only one that it can be. */
function accountOf(entry: Entry | undefined, accounts: ReadonlyMap<string, Account>): string | undefined {
  return entry === undefined ? undefined : scopeOf(entry.document, entry.kind, accounts)?.account
}

function isTarget(base: Entry | undefined, overlay: Entry, accounts: ReadonlyMap<string, Account>): boolean {
  if (base === undefined || base.document.subaccount !== overlay.document.subaccount) return false
  return overlay.document.account === undefined || accountOf(base, accounts) === overlay.document.account
}

function merge(base: unknown, over: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(base) || !isRecord(over)) return isRecord(over) ? over : {}
  const result: Record<string, unknown> = { ...base }
  for (const [name, value] of Object.entries(over))
    result[name] = isRecord(value) && isRecord(base[name]) ? merge(base[name], value) : value
  return result
}
