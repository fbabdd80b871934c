import { append } from '../../model/append.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { Memory } from '../../model/ledger/memory.ts'
import type { LedgerRecord } from '../../model/ledger/record.ts'
import type { Problem } from '../../model/problem.ts'
import type { Live } from '../../model/run/live.ts'
import type { Store } from '../stores/store.ts'
import { evidenceOf, hasWritten, type Known, memoryOf } from './memory.ts'
import type { AccountPage, Pages } from './pages.ts'
import { type InterruptedRun, settle } from './recover.ts'

/** Judges each record by what is live and settles runs that died; what may be relied on becomes the memory. */
export function rememberAll(
  pages: Pages,
  live: Live,
  { store, kinds }: { readonly store: Pick<Store, 'where'>; readonly kinds: readonly ResourceKind[] },
): { readonly memory: Memory; readonly warnings: readonly Problem[] } {
  const known = new Map<string, Known>()
  const proven = new Set<string>()
  const warnings: Problem[] = []
  for (const [name, page] of [...pages]) {
    const { record, problem, busy } = page
    if (problem !== undefined) continue
    if (record === undefined) {
      append(warnings, renamedHint(page, live, kinds))
      continue
    }
    const prints = page.prints(record.lineage)
    const written = hasWritten({ record, prints })
    const evidence = evidenceOf(record, name, live, kinds)
    if (page.elsewhere === true && !(written && evidence === 'proved')) {
      const { record: _other, ...rest } = page
      pages.set(name, rest)
      warnings.push(restarted(name, record, store.where))
      continue
    }
    if (!written && evidence === 'contradicted') {
      pages.set(name, { ...page, problem: otherAccount(name, store.where), replaceable: true })
      continue
    }
    if (written || evidence === 'proved') proven.add(name)
    const settled = busy === undefined ? settle(record, live, kinds) : { record, died: [] }
    append(
      warnings,
      settled.died.map((died) => sayDied(name, died)),
    )
    if (busy !== undefined)
      warnings.push({
        code: 'LEDGER_BUSY',
        severity: 'warning',
        message: `${busy.owner} is applying to "${name}" right now, so this may be out of date in a moment`,
        ...(busy.url === undefined ? {} : { hint: `see ${busy.url}` }),
      })
    const { elsewhere: _found, ...here } = page
    const account = { ...settled.record.account, url: page.account.url }
    pages.set(name, { ...here, record: { ...settled.record, account } })
    known.set(name, { record: settled.record, prints })
  }
  return { memory: memoryOf(known, proven), warnings }
}

/** Nobody's mail is behind an emulator, so a new one may take the place of an old one. */
function restarted(name: string, { account }: LedgerRecord, where: string): Problem {
  return {
    code: 'LEDGER_OTHER_EMULATOR',
    severity: 'warning',
    message: `the record of "${name}" in ${where} is about ${account.url} and is not used; the next apply starts it again`,
  }
}

function otherAccount(name: string, where: string): Problem {
  return {
    code: 'LEDGER_OTHER_ACCOUNT',
    message: `the record of "${name}" in ${where} is about another account: its objects have the recorded names but different ids`,
    hint: 'is the credential that of the right account? If it is, start its record again with "mailconfig adopt --all --replace"',
  }
}

function sayDied(name: string, { run, made, not, unclear }: InterruptedRun): Problem {
  const what = [`${made} are made`, `${not} are not`, ...(unclear === 0 ? [] : [`${unclear} cannot be told`])]
  return {
    code: 'RUN_INTERRUPTED',
    severity: 'warning',
    message: `run ${run.id} of ${run.by} on "${name}" (${run.command}, ${run.startedAt}) did not end: of ${run.changes.length} changes that it announced, ${what.join(', ')}`,
  }
}

/** An account that the ledger knows under another name was renamed in the spec: nothing of it is ours under the new one yet. */
function renamedHint({ account, prints, others }: AccountPage, live: Live, kinds: readonly ResourceKind[]): Problem[] {
  const old = others.find(
    (record) =>
      hasWritten({ record, prints: prints(record.lineage) }) ||
      evidenceOf(record, account.name, live, kinds) === 'proved',
  )
  if (old === undefined) return []
  return [
    {
      code: 'LEDGER_RENAMED_ACCOUNT',
      severity: 'warning',
      message: `the ledger knows the account "${account.name}" as "${old.account.name}", and has no objects under the new name`,
      hint: 'restore the old name of the account, or record its objects with "mailconfig adopt --all"',
    },
  ]
}
