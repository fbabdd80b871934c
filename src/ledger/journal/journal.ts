import { qualify } from '../../model/address.ts'
import { append } from '../../model/append.ts'
import { defined } from '../../model/json.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { LedgerChange, LedgerRun, RunAbout } from '../../model/ledger/record.ts'
import { recordable } from '../../model/ledger/recordable.ts'
import type { Problem } from '../../model/problem.ts'
import type { Change } from '../../model/run/change.ts'
import type { Result } from '../../model/run/result.ts'
import { applyChange } from '../record/change-effect.ts'
import { type Entries, isRecordable } from '../record/entries.ts'
import { refresh } from '../record/refresh.ts'
import { parseRecord } from '../record/text.ts'
import { LedgerError } from '../stores/store.ts'
import { announced } from './announce.ts'
import { freshId, type JournalOptions, type LedgerJournal, type Open, runOf, writeRecord } from './write.ts'

/** Milliseconds between two writes while a run is under way. */
const PAUSE = 1000
/** A large record is written less often: writing takes a tenth of the time at most. */
const REST = 10
/** One account in a run. */
interface JournalPage {
  readonly account: string
  open: Open
  /** The entries before the run's own changes. */
  readonly base: Entries
  entries: Entries
  readonly changes: Map<string, { readonly change: Real; recorded: LedgerChange }>
  run: LedgerRun | undefined
  dirty: boolean
}

type Real = Exclude<Change, { readonly action: 'noop' }>
type Work = Parameters<LedgerJournal['begin']>[0]

/** A journal over the records of all accounts that a run touches. */
export function openJournal(about: RunAbout, options: JournalOptions): LedgerJournal {
  const pages: JournalPage[] = []
  const broken = new AbortController()
  let id = ''
  let failure: Problem | undefined
  let timer: NodeJS.Timeout | undefined
  let last: Promise<void> = Promise.resolve()
  let pause = PAUSE

  const flush = async () => {
    if (broken.signal.aborted) return
    const startedAt = performance.now()
    try {
      await writePages(pages, options)
      pause = Math.max(PAUSE, REST * (performance.now() - startedAt))
    } catch (error) {
      failure = notWritten(error, options.store.where)
      broken.abort('the ledger can no longer be written')
    }
  }
  const later = () => {
    if (timer !== undefined || broken.signal.aborted) return
    timer = setTimeout(() => {
      timer = undefined
      last = last.then(flush)
    }, pause)
  }

  return {
    get id() {
      return id
    },
    get failure() {
      return failure
    },
    broken: broken.signal,
    async begin(work) {
      append(pages, openPages(work, options))
      id = freshId(pages.map(({ open }) => open.record))
      for (const page of pages) page.run = runOf(id, about, options.now())
      const begun: JournalPage[] = []
      try {
        for (const page of pages) {
          await writePages([page], options)
          begun.push(page)
        }
      } catch (error) {
        await takeBack(begun, options)
        throw error
      }
    },
    record(result) {
      const page = pages.find(({ account }) => account === result.change.scope.account)
      if (page === undefined || !note(page, result, options.kinds, id)) return
      page.dirty = true
      later()
    },
    async end(results, state) {
      clearTimeout(timer)
      timer = undefined
      await last
      for (const page of pages) finish(page, { results, state, id }, options)
      const first = await problemOfWriting(pages, options)
      const isOurs = first !== undefined && (await takeUp(pages, id, options).catch(() => false))
      failure = isOurs ? await problemOfWriting(pages, options) : first // none: it has it all now, whatever stopped the run
    },
  }
}

function openPages({ changes, objects }: Work, { open, live, kinds }: JournalOptions): JournalPage[] {
  const real = changes.filter((change): change is Real => change.action !== 'noop')
  const accounts = [...new Set(real.map(({ scope }) => scope.account))]
  return accounts.map((account) => {
    const opened = open(account)
    const base: Entries = new Map(Object.entries(opened.record.entries))
    refresh(base, { account, changes, objects, live, kinds })
    const mine = real.filter((change) => change.scope.account === account && isRecordable(change))
    return {
      account,
      open: opened,
      base,
      entries: new Map(base),
      changes: new Map(
        mine.map((change) => [nameOf(change), { change, recorded: announced(change, opened.prints) }] as const),
      ),
      run: undefined,
      dirty: true,
    }
  })
}

function nameOf(change: Change): string {
  return qualify(change.scope, change.address)
}

/** Writes the pages that have something new. */
async function writePages(pages: readonly JournalPage[], options: JournalOptions): Promise<void> {
  for (const page of pages) {
    if (!page.dirty || page.run === undefined) continue
    page.dirty = false
    try {
      page.open = await writeRecord(options, page.account, page.open, {
        entries: page.entries,
        history: [...page.open.record.history.filter(({ id }) => id !== page.run?.id), whole(page, page.run)],
      })
    } catch (error) {
      page.dirty = true
      throw error
    }
    options.wrote(page.account, page.open)
  }
}

async function problemOfWriting(pages: readonly JournalPage[], options: JournalOptions): Promise<Problem | undefined> {
  try {
    await writePages(pages, options)
    return undefined
  } catch (error) {
    return notWritten(error, options.store.where)
  }
}

/** A write may have landed although its answer was lost: then the record that is there is our own, and goes on. */
async function takeUp(pages: readonly JournalPage[], id: string, { store }: JournalOptions): Promise<boolean> {
  let any = false
  for (const page of pages.filter(({ dirty }) => dirty)) {
    const stored = (await store.read([page.account])).get(page.account)
    if (stored === undefined) continue
    const record = parseRecord(stored.text, store.where)
    const { lineage, serial } = page.open.record
    const isOurs = record.lineage === lineage && record.serial === serial + 1 && record.history.at(-1)?.id === id
    if (!isOurs) continue
    page.open = { ...page.open, record, tag: stored.tag }
    any = true
  }
  return any
}

function whole(page: JournalPage, run: LedgerRun): LedgerRun {
  return { ...run, changes: [...page.changes.values()].map(({ recorded }) => recorded) }
}

/** A run that could not be announced everywhere has applied nothing anywhere. */
async function takeBack(pages: readonly JournalPage[], options: JournalOptions): Promise<void> {
  for (const page of pages) {
    for (const one of page.changes.values()) one.recorded = { ...one.recorded, outcome: 'skipped' }
    if (page.run !== undefined) page.run = { ...page.run, state: 'interrupted', endedAt: options.now().toISOString() }
    page.dirty = true
  }
  await writePages(pages, options).catch(() => undefined) // a run that is left open is looked at next time
}

/** What went wrong after the API had done what it was asked to. */
const MADE: ReadonlySet<string> = new Set(['SECRET_LOST', 'NOT_DELIVERED', 'CHANGED_TOO'])

/** Takes a result down; false for a change that is not in the journal. */
function note(
  page: JournalPage,
  { change, outcome, id, error, applied }: Result,
  kinds: readonly ResourceKind[],
  run: string,
): boolean {
  const known = page.changes.get(nameOf(change))
  if (known === undefined) return false
  const kind = kinds.find(({ name }) => name === change.kind.name)
  if (applied !== undefined && kind !== undefined) {
    // what took effect is ours, and can be taken back; what did not is for the next plan
    const part = announced(applied.change, page.open.prints)
    const isLost = error?.code === 'SECRET_LOST' ? { lost: true as const } : {}
    known.recorded = { ...part, ...defined({ id }), ...isLost, outcome: 'done' }
    applyChange(page.entries, known.recorded, { run, kind })
    return true
  }
  const isOther = change.action === 'create' && change.desired !== known.change.desired
  const recorded = isOther ? announced(change, page.open.prints) : known.recorded // it got a secret on the way
  const seen = id === undefined ? recorded : { ...recorded, id }
  const isMade = outcome === 'done' || MADE.has(error?.code ?? '')
  // What the API took and nobody saw stays open; so does what it took and does not show: the next look tells.
  const isTaken = isMade || (error?.code === 'NOT_READ_BACK' && recorded.action !== 'delete')
  const isLate = error?.code === 'DID_NOT_STICK' || outcome === 'unknown'
  known.recorded = { ...seen, outcome: isMade ? 'done' : isLate ? 'unknown' : outcome }
  const { desired } = known.change
  const values = desired?.resend === undefined ? desired?.values : undefined // a part says nothing of the rest
  if (isTaken && kind !== undefined)
    applyChange(page.entries, known.recorded, {
      run,
      kind,
      managed: values === undefined ? undefined : recordable(kind.fields, values),
    })
  return true
}

/** The last word: all results again, because reading back may have corrected some. */
function finish(
  page: JournalPage,
  {
    results,
    state,
    id,
  }: { readonly results: readonly Result[]; readonly state: LedgerRun['state']; readonly id: string },
  { kinds, now }: JournalOptions,
): void {
  const mine = results.filter(({ change }) => change.scope.account === page.account)
  if (mine.length > 0) {
    page.entries = new Map(page.base)
    for (const result of mine) note(page, result, kinds, id)
  }
  if (page.run !== undefined) page.run = { ...page.run, state, endedAt: now().toISOString() }
  page.dirty = true
}

function notWritten(error: unknown, where: string): Problem {
  const why = error instanceof LedgerError ? error.message : `${where} cannot be written`
  return {
    code: error instanceof LedgerError ? error.code : 'LEDGER_NOT_WRITTEN',
    message: `${why}; what was done is in the report but not in the ledger`,
    hint: 'the ledger has the announced changes; the next plan checks which of them took effect',
  }
}
