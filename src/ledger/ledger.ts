import type { DesiredObject } from '../model/desired/object.ts'
import { defined } from '../model/json.ts'
import type { Journal } from '../model/ledger/journal.ts'
import type { Memory } from '../model/ledger/memory.ts'
import type { LedgerEntry, LedgerRecord, RunAbout } from '../model/ledger/record.ts'
import type { Problem } from '../model/problem.ts'
import type { Live } from '../model/run/live.ts'
import { openJournal } from './journal/journal.ts'
import { tidyAll } from './journal/tidy.ts'
import type { LedgerJournal, Open } from './journal/write.ts'
import { rememberAll } from './memory/judge.ts'
import { type AccountPage, type LedgerAccount, type LedgerOptions, readPages } from './memory/pages.ts'
import { KEEP, newRecord } from './record/history.ts'
import { type Adopted, adoptAll } from './runs/adopt.ts'
import { type Undo, undoTo } from './runs/undo.ts'
import type { PastRun } from './runs/whole-runs.ts'
import { type Lease, LedgerError, type Store } from './stores/store.ts'

/** How an account stands in the ledger: `new` has no record yet, `unusable` has one that nobody may rely on. */
interface AccountState {
  readonly name: string
  readonly state: 'known' | 'new' | 'unusable'
  readonly serial: number
  /** The run that is applying to it right now. */
  readonly busy?: Lease
}

/**
 * The ledger as a door uses it: open, remember between read and plan, then a journal for apply, or adopt, or history and undo.
 * The door holds the lease; the book only reads and writes records.
 */
export interface RunLedger {
  /** For people, without credentials. */
  readonly where: string
  readonly accounts: readonly AccountState[]
  /** What is wrong with the records, as warnings; what `remember` answers has them too. */
  readonly warnings: readonly Problem[]
  /** What stands in the way of writing, as errors with the way out; empty where apply may go on. Ask after `remember`. */
  obstacles(): readonly Problem[]
  /** Judges the records with what is live, settles runs that died, and answers the memory for the plan. Give it to `prepare` as `remember`. */
  remember(live: Live): { readonly memory: Memory; readonly warnings: readonly Problem[] }
  /** A journal for one run of `carryOut`. */
  journal(about: RunAbout): LedgerJournal
  /** Writes what was learned without a run: runs that died, fields of objects that are as they should be. For an apply that has nothing to do. */
  tidy(plan: Parameters<Journal['begin']>[0]): Promise<void>
  /** Takes what is declared and live into the record. No API is called. Rejects with `LedgerError`. */
  adopt(plan: Parameters<Journal['begin']>[0], about: RunAbout): Promise<Adopted>
  /** The runs of all accounts of the book, the latest first. */
  history(): readonly PastRun[]
  /** Twins of rotations that are open, by account. */
  twins(): readonly { readonly account: string; readonly entry: LedgerEntry }[]
  /** What leads back to the state after a run; undefined if that run is unknown. `declared` may give secrets that a deleted object needs. */
  undo(run: string, declared?: readonly DesiredObject[]): Undo | undefined
}

/** Reads and judges the records of these accounts. What is wrong with one is said in `warnings` and `obstacles`, and never thrown. */
export async function openLedger(
  store: Store,
  accounts: readonly LedgerAccount[],
  options: LedgerOptions,
): Promise<RunLedger> {
  const { kinds, now, keep = KEEP } = options
  const pages = await readPages(store, accounts, options)
  let live: Live = new Map()
  let proves: (account: string) => boolean = () => false

  const open = (account: string): Open => {
    const page = pages.get(account)
    if (page === undefined) throw new TypeError(`the book has no account "${account}"`)
    const { problem, record, prints, tag } = page
    if (problem !== undefined && !(options.replace === true && page.replaceable))
      throw new LedgerError(problem.code, problem.message, problem.hint === undefined ? {} : { hint: problem.hint })
    if (record !== undefined && problem === undefined)
      return { record, tag, prints: prints(record.lineage), isProven: proves(account) }
    const { name, api, url } = page.account
    const fresh = newRecord({ name, api, url })
    return { record: fresh, tag, prints: prints(fresh.lineage), isProven: true }
  }
  const wrote = (account: string, { record, tag }: Open) => {
    const page = pages.get(account)
    if (page === undefined) return
    const { problem: _settled, ...rest } = page
    pages.set(account, { ...rest, record, tag })
  }
  const inside = () => ({ store, kinds, now, keep, live, open, wrote })
  const usable = () =>
    [...pages.values()].filter((page): page is AccountPage & { record: LedgerRecord } => isUsable(page))

  const warnings = () =>
    once([...pages.values()].flatMap(({ problem }) => (problem === undefined ? [] : [asWarning(problem)])))

  return {
    where: store.where,
    get accounts() {
      return [...pages.values()].map(stateOf)
    },
    get warnings() {
      return warnings()
    },
    obstacles: () =>
      once(
        [...pages.values()].flatMap(({ problem, replaceable }) =>
          problem === undefined || (options.replace === true && replaceable) ? [] : [problem],
        ),
      ),
    remember(read) {
      live = read
      const remembered = rememberAll(pages, read, { store, kinds })
      proves = remembered.memory.proves
      return { memory: remembered.memory, warnings: [...warnings(), ...remembered.warnings] }
    },
    journal: (about) => openJournal(about, inside()),
    tidy: (plan) => tidyAll(plan, [...pages.keys()], inside()),
    adopt: (plan, about) => adoptAll(plan, about, [...pages.keys()], inside()),
    history: () =>
      usable()
        .flatMap(({ account, record }) => record.history.map((run) => ({ account: account.name, run })))
        .sort((a, b) => (a.run.startedAt < b.run.startedAt ? 1 : a.run.startedAt > b.run.startedAt ? -1 : 0)),
    twins: () =>
      usable().flatMap(({ account, record }) =>
        Object.values(record.entries).flatMap((entry) =>
          entry.twinOf === undefined ? [] : [{ account: account.name, entry }],
        ),
      ),
    undo: (run, declared = []) =>
      undoTo(
        usable().map(({ record }) => record),
        run,
        { kinds, declared },
      ),
  }
}

function isUsable({ record, problem }: AccountPage): boolean {
  return record !== undefined && problem === undefined
}

function stateOf({ account, record, problem, busy }: AccountPage): AccountState {
  return {
    name: account.name,
    state: problem !== undefined ? 'unusable' : record === undefined ? 'new' : 'known',
    serial: record?.serial ?? 0,
    ...defined({ busy }),
  }
}

/** What is wrong with the ledger itself is wrong for each of its accounts, and said once. */
function once(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [`${problem.code} ${problem.message}`, problem])).values()]
}

/** Without a record a plan goes on: it compares two ways and deletes nothing more. */
function asWarning({ code, message, hint }: Problem): Problem {
  return {
    code,
    severity: 'warning',
    message: `${message}; the plan compares two ways, and owned deletes nothing`,
    ...defined({ hint }),
  }
}
