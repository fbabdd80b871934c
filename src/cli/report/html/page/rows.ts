import type { ChangeDocument } from '../../../../model/run/plan-document.ts'
import type { PageContents } from '../contents.ts'

/** A line of the list: a change, and what became of it. */
export interface Row {
  readonly change: ChangeDocument
  readonly scope: string
  readonly gates: readonly string[]
  readonly outcome: 'done' | 'failed' | 'skipped' | 'unknown' | undefined
  readonly error: { readonly message: string; readonly hint?: string } | undefined
  readonly note: string | undefined
  /** What is searched, in lower case. */
  readonly haystack: () => string
}

/** No longer value is searched. */
const LONGEST = 2000

/** Every change of a run, by scope in the order of the plan. */
export function rowsOf({ plan, results }: PageContents): Row[] {
  const byAddress = new Map(results.map((one) => [`${scopeOf(one)}:${one.address}`, one]))
  const gates = new Map<string, string[]>()
  for (const gate of plan?.gates ?? [])
    for (const address of gate.addresses) gates.set(address, [...(gates.get(address) ?? []), gate.number])
  const rows = (plan?.changes ?? []).map((change): Row => {
    const scope = scopeOf(change)
    const name = `${scope}:${change.address}`
    const result = byAddress.get(name)
    return {
      change,
      scope,
      gates: gates.get(name) ?? [],
      outcome: result?.outcome,
      error: result?.error,
      note: result?.note,
      haystack: once(() => wordsOf(change, scope)),
    }
  })
  const order = new Map([...new Set(rows.map((row) => row.scope))].map((scope, at) => [scope, at]))
  return rows.sort((one, other) => (order.get(one.scope) ?? 0) - (order.get(other.scope) ?? 0))
}

function scopeOf({ account, subaccount }: { readonly account: string; readonly subaccount: string | null }): string {
  return subaccount === null ? account : `${account}/${subaccount}`
}

function wordsOf(change: ChangeDocument, scope: string): string {
  const fields = change.fields.flatMap(({ path, before, after, sensitive }) => [
    path,
    ...(sensitive ? [] : [textOf(before), textOf(after)]),
  ])
  return [scope, change.address, change.action, change.renamedFrom ?? '', ...change.risk.why, ...fields]
    .join('\n')
    .toLowerCase()
}

function textOf(value: unknown): string {
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, LONGEST)
}

function once(make: () => string): () => string {
  let made: string | undefined
  return () => {
    made ??= make()
    return made
  }
}
