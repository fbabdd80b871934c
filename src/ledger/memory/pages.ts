import { defined } from '../../model/json.ts'
import type { Api } from '../../model/kind/api.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { LedgerRecord } from '../../model/ledger/record.ts'
import type { Problem } from '../../model/problem.ts'
import type { Secret } from '../../model/secret.ts'
import { isLoopbackUrl } from '../../model/value/loopback.ts'
import { type Fingerprints, fingerprints } from '../record/fingerprint.ts'
import type { Keep } from '../record/history.ts'
import { parseRecord } from '../record/text.ts'
import { isExpired, type Lease, LedgerError, type Store, type Stored } from '../stores/store.ts'

/** One account of a book: its record as far as it could be read, and what is wrong with it. */
export interface AccountPage {
  readonly account: LedgerAccount
  readonly record?: LedgerRecord
  readonly tag: string | undefined
  readonly prints: (lineage: string) => Fingerprints | undefined
  /** Why nobody may rely on the record or overwrite it. */
  readonly problem?: Problem
  /** True where `adopt --replace` may start again. */
  readonly replaceable: boolean
  /** The run that is applying to the account right now. */
  readonly busy?: Lease
  /** The record is about another port of this machine: perhaps the same emulator, restarted. */
  readonly elsewhere?: true
  /** Records of the same API and URL under names that the book does not have. */
  readonly others: readonly LedgerRecord[]
}

/** The pages of a book, by account. */
export type Pages = Map<string, AccountPage>

/** Reads the records of all accounts; a failure becomes the problem of its page. */
export async function readPages(
  store: Store,
  accounts: readonly LedgerAccount[],
  options: LedgerOptions,
): Promise<Pages> {
  const first = await readOnce(store, accounts)
  if (![...first.values()].some(isRunning)) return await withOthers(store, first)
  const held = await liveLeases(store, [...first.values()].filter(isRunning), options)
  // Nobody holds a lease: either the run died, or it ended a moment ago and its record says so by now.
  const pages = held.size === 0 ? await readOnce(store, accounts) : first
  for (const [name, lease] of held) {
    const page = pages.get(name)
    if (page !== undefined) pages.set(name, { ...page, busy: lease })
  }
  return await withOthers(store, pages)
}

async function readOnce(store: Store, accounts: readonly LedgerAccount[]): Promise<Pages> {
  const names = accounts.map(({ name }) => name)
  try {
    const stored = await store.read(names)
    return new Map(accounts.map((account) => [account.name, pageOf(account, stored.get(account.name), store.where)]))
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    const problem = problemOf(error)
    return new Map(accounts.map((account) => [account.name, { ...emptyPage(account), problem }]))
  }
}

function emptyPage(account: LedgerAccount): AccountPage {
  const { credential } = account
  const prints = (lineage: string) => (credential === undefined ? undefined : fingerprints(credential, lineage))
  return { account, tag: undefined, prints, replaceable: false, others: [] }
}

function pageOf(account: LedgerAccount, stored: Stored | undefined, where: string): AccountPage {
  const page = emptyPage(account)
  if (stored === undefined) return page
  const read = { ...page, tag: stored.tag }
  try {
    const record = parseRecord(stored.text, `the record of "${account.name}" in ${where}`)
    if (isAbout(record, account)) return { ...read, record }
    if (record.account.api === account.api && areLoopback(record.account.url, account.url))
      return { ...read, record, elsewhere: true }
    const problem: Problem = {
      code: 'LEDGER_OTHER_ACCOUNT',
      message: `the record of "${account.name}" in ${where} is about ${record.account.url}, and the account is at ${account.url}`,
      hint: 'give the account its old name, or start its record again with "mailconfig adopt --all --replace"',
    }
    return { ...read, record, problem, replaceable: true }
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    return { ...read, problem: problemOf(error), replaceable: error.code === 'LEDGER_CORRUPT' }
  }
}

/** The name in a record may be an older one; the API and its URL may not. */
function isAbout({ account }: LedgerRecord, { api, url }: LedgerAccount): boolean {
  return account.api === api && account.url === url
}

/** Two addresses of this machine that differ in the port: emulators and tunnels get another one each time. */
function areLoopback(one: string, other: string): boolean {
  return isLoopbackUrl(one) && isLoopbackUrl(other) && new URL(one).pathname === new URL(other).pathname
}

function problemOf({ code, message, hint }: LedgerError): Problem {
  return { code, message, ...defined({ hint }) }
}

function isRunning({ record, problem }: AccountPage): boolean {
  return problem === undefined && record?.history.some(({ state }) => state === 'running') === true
}

async function liveLeases(
  store: Store,
  pages: readonly AccountPage[],
  { lease, now }: LedgerOptions,
): Promise<ReadonlyMap<string, Lease>> {
  const held = new Map<string, Lease>()
  for (const { account } of pages) {
    const holders = await store.holders([account.name])
    const other = holders.find((one) => one.id !== lease && !isExpired(one, now()))
    if (other !== undefined) held.set(account.name, other)
  }
  return held
}

/** Looks, for accounts without a record, whether the ledger knows them under another name. */
async function withOthers(store: Store, pages: Pages): Promise<Pages> {
  const fresh = [...pages.values()].filter(({ record, problem }) => record === undefined && problem === undefined)
  if (fresh.length === 0) return pages
  try {
    const names = (await store.names()).filter((name) => !pages.has(name))
    const records = [...(names.length === 0 ? new Map<string, Stored>() : await store.read(names))].flatMap(
      ([name, { text }]) => readable(text, name),
    )
    for (const page of fresh) {
      const others = records.filter((record) => isAbout(record, page.account))
      pages.set(page.account.name, { ...page, others })
    }
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error // a hint less
  }
  return pages
}

function readable(text: string, name: string): LedgerRecord[] {
  try {
    return [parseRecord(text, name)]
  } catch (error) {
    if (error instanceof LedgerError) return []
    throw error
  }
}

/** An account whose record is wanted. Under an emulator the door gives the emulator's own url, so that no real record is mixed up with it. */
export interface LedgerAccount {
  readonly name: string
  readonly api: Api
  readonly url: string
  readonly credential?: Secret
}

/** What a book is opened with. */
export interface LedgerOptions {
  readonly kinds: readonly ResourceKind[]
  readonly now: () => Date
  /** The id of the lease that this run holds itself; a run under any other live lease is still at work. */
  readonly lease?: string
  readonly keep?: Keep
  /** Starts a record again if the existing one is corrupt or about another account. For `adopt --replace` alone. */
  readonly replace?: boolean
}
