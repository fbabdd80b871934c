import { existsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { kinds } from '../../apis/index.ts'
import type { RunLedger } from '../../ledger/ledger.ts'
import type { RenewedLease } from '../../ledger/stores/lease.ts'
import type { Lease, Store } from '../../ledger/stores/store.ts'
import type { Account } from '../../model/desired/spec.ts'
import { defined } from '../../model/json.ts'
import type { LedgerCommand, RunAbout } from '../../model/ledger/record.ts'
import type { Problem } from '../../model/problem.ts'
import { workingCommit } from '../ci/commit.ts'
import { ciJobOf } from '../ci/job.ts'
import { EXIT, Stop } from '../invocation/exit.ts'
import { fetchFor } from '../invocation/fetch-for.ts'
import type { Invocation } from '../invocation/invocation.ts'
import { VERSION } from '../invocation/version.ts'
import { printable } from '../terminal/paint.ts'
import type { Connection } from './connection.ts'
import { reportProblems } from './problems.ts'

/** How long others leave a lease alone that nobody renews any more: in a file it costs nothing to renew it often. */
const TTL_MS = { file: 15_000, elsewhere: 60_000 }
/** How long a run waits for another: longer than a run that died can hold a file. */
const WAIT_MS = 20_000
/** What was refused before anything was written; everything else of a ledger is a failure. */
const REFUSED = [
  'LEDGER_LOCKED',
  'LEDGER_CORRUPT',
  'LEDGER_NEWER',
  'LEDGER_OTHER_ACCOUNT',
  'LEDGER_CHANGED',
  'LEASE_LOST',
]

/** What a run wants of the ledger beside reading it. */
export interface LeasePurpose {
  readonly command: LedgerCommand
  /** The saved plan that is applied. */
  readonly plan?: string
  /** Starts a record again that cannot be used. */
  readonly replace?: boolean
}

/** The ledger of a run. */
export interface SessionLedger {
  readonly records: RunLedger
  /** Aborts when somebody else has the ledger by now; never for a run that only reads. */
  readonly lost?: AbortSignal
  /** What the history says of this run. */
  readonly about: (hold: LeasePurpose, specHash: string) => RunAbout
  /** Gives the lease back. */
  readonly close: () => Promise<void>
}

/** Where the ledger is: `--ledger`, `MAILCONFIG_LEDGER`, or a file beside the spec; undefined: there is none. */
function ledgerPlace({ io, options }: Pick<Invocation, 'io' | 'options'>): string | undefined {
  const { ledger, emulator, file } = options
  const given = ledger ?? (emulator === undefined ? io.env['MAILCONFIG_LEDGER'] : undefined) ?? ''
  if (given === 'none') return undefined
  if (given !== '') return given
  if (emulator === '') return undefined // what is in memory is forgotten, and so is what was done to it
  if (emulator !== undefined) return emulator.replace(/(\.\w+)?$/, '.ledger.json')
  return join(specFolder(resolve(io.cwd, file[0] ?? ''), file.length === 0), '.mailconfig', 'ledger.json')
}

/** The folder of the spec: a spec that is one file, or a folder of files, has it beside or in it. */
function specFolder(path: string, isDefault: boolean): string {
  if (!isDefault) return isFolder(path) ? path : dirname(path)
  const folder = join(path, 'mailconfig')
  const isFile = ['mailconfig.yaml', 'mailconfig.yml'].some((name) => existsSync(join(path, name)))
  return !isFile && isFolder(folder) ? folder : path
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

/** The store of a place, opened when it is needed; what cannot be opened is a `LedgerError`. */
export async function storeOf(place: string, { io }: Pick<Invocation, 'io'>): Promise<Store> {
  const { openStore } = await import('../../ledger/stores/open.ts')
  return await openStore(place, { cwd: io.cwd, env: io.env, now: io.now, fetchFor: (url) => fetchFor(url, io.env) })
}

/** The ledger of a run that only reads; undefined where there is none, and then nothing of it is loaded. No lock, no write. */
export async function readLedger(
  accounts: readonly Account[],
  connection: Connection,
  invocation: Invocation,
): Promise<SessionLedger | undefined> {
  const place = ledgerPlace(invocation)
  if (place === undefined || !mayBeThere(place, invocation)) return undefined
  const store = await storeOf(place, invocation)
  try {
    return {
      records: await bookOf(store, accounts, connection, invocation),
      about: aboutOf(invocation),
      close: nothing,
    }
  } finally {
    await store.close()
  }
}

/** The ledger of a run that writes, with its lease; undefined under `--ledger none`. */
export async function holdLedger(
  accounts: readonly Account[],
  connection: Connection,
  invocation: Invocation,
  hold: LeasePurpose,
): Promise<SessionLedger | undefined> {
  const place = ledgerPlace(invocation)
  if (place === undefined) return undefined
  const store = await storeOf(place, invocation)
  let holding: RenewedLease | undefined
  const close = async () => {
    await holding?.release().catch(() => undefined) // another run may hold it by now; otherwise it expires
    await store.close()
  }
  try {
    holding = await leaseOf(store, accounts, invocation, hold)
    const { lost, held } = holding
    lost.addEventListener('abort', () => sayLost(lost.reason, invocation))
    const more = { lease: held.lease.id, ...(hold.replace === true ? { replace: true } : {}) }
    const records = await bookOf(store, accounts, connection, invocation, more)
    return { records, lost, about: aboutOf(invocation), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Only a file can be looked for without a call. */
function mayBeThere(place: string, { io }: Invocation): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(place) || existsSync(resolve(io.cwd, place))
}

async function leaseOf(
  store: Store,
  accounts: readonly Account[],
  { io, options }: Invocation,
  { command }: LeasePurpose,
): Promise<RenewedLease> {
  const { holdLease } = await import('../../ledger/stores/lease.ts')
  const place = ledgerPlace({ io, options }) ?? ''
  const isRemote = /^(?!file:)[a-z][a-z0-9+.-]+:/i.test(place)
  const { actor, url } = ciJobOf(io.env)
  const names = accounts.map(({ name }) => name)
  const say = (text: string) => io.stderr.write(`${printable(text)}\n`)
  return await holdLease(store, names, {
    owner: actor,
    command,
    url,
    ttl: isRemote ? TTL_MS.elsewhere : TTL_MS.file,
    waitMs: options.lockTimeout ?? WAIT_MS,
    ...(isRemote ? {} : { watchMs: TTL_MS.file }),
    now: io.now,
    sleep: io.sleep,
    signal: io.signal,
    onWait: (holder) => say(`Waiting for ${holderText(holder)} to finish: ${store.where} is locked.`),
    onTakeover: (before) =>
      say(
        `note: the lock of ${store.where} is taken over: ${holderText(before)} has not been heard of since ${before.expires}`,
      ),
  })
}

/** Whose a lease is, in words. */
export function holderText({ owner, command, since, url }: Lease): string {
  const doing = command === '' ? '' : `, ${command}`
  return `${owner} (since ${since}${doing}${url === undefined ? '' : `, ${url}`})`
}

function sayLost(reason: unknown, { io }: Invocation): void {
  const why = reason instanceof Error ? reason.message : 'the lock was lost'
  io.stderr.write(`\n${printable(why)}: calls in flight are finished, and nothing new is begun.\n`)
}

async function bookOf(
  store: Store,
  accounts: readonly Account[],
  connection: Connection,
  { io, options }: Invocation,
  more: { readonly lease?: string; readonly replace?: boolean } = {},
): Promise<RunLedger> {
  const { openLedger } = await import('../../ledger/ledger.ts')
  const known = accounts.map(({ name, api, url }) => {
    const credential = connection.credentialOf(name)
    const place = options.emulator === undefined ? url : 'the emulator' // which has another port each time
    return { name, api, url: place, ...defined({ credential }) }
  })
  return await openLedger(store, known, { kinds, now: io.now, ...more })
}

/** Where a spec stands if nobody says where. */
const USUAL = ['mailconfig.yaml', 'mailconfig.yml', 'mailconfig']

function aboutOf({ io, options }: Invocation): SessionLedger['about'] {
  return ({ command, plan }, specHash) => {
    const files = options.file.length === 0 ? USUAL : options.file
    const { actor, url, commit = workingCommit(io.cwd, files) } = ciJobOf(io.env)
    return {
      command,
      by: actor,
      ...defined({ url, commit }),
      mailconfig: VERSION,
      specHash,
      ...defined({ plan }),
    }
  }
}

/** Runs a command, and says what is wrong with the ledger like any other problem. */
export async function withLedgerProblems(invocation: Invocation, run: () => Promise<number>): Promise<number> {
  try {
    return await run()
  } catch (error) {
    const { LedgerError } = await import('../../ledger/stores/store.ts')
    if (!(error instanceof LedgerError)) throw error
    if (invocation.io.signal.aborted) {
      invocation.io.stderr.write('Nothing was written.\n')
      return EXIT.interrupted
    }
    const { code, message, hint } = error
    return refuseLedger([{ code, message, ...defined({ hint }) }], invocation)
  }
}

/** Says what stands in the way of writing, and answers the exit code. */
export function refuseLedger(problems: readonly Problem[], invocation: Invocation): number {
  reportProblems(invocation, problems.map(withWayOut))
  if (invocation.options.format !== 'json') invocation.io.stderr.write('Nothing was written.\n')
  return problems.some(({ code }) => REFUSED.includes(code)) ? EXIT.refused : EXIT.failed
}

/** A place that cannot be used is the ledger's and nobody else's: there may be another, or none. */
function withWayOut(problem: Problem): Problem {
  if (problem.code !== 'LEDGER_UNREACHABLE') return problem
  const other = '--ledger names another place, and "--ledger none" goes without one'
  return { ...problem, hint: problem.hint === undefined ? other : `${problem.hint}; ${other}` }
}

/** The place of the ledger, for a command that is about nothing else. */
export function neededPlace(invocation: Invocation): string {
  const place = ledgerPlace(invocation)
  if (place !== undefined) return place
  throw new Stop('there is no ledger', {
    hint: invocation.options.emulator === '' ? '--emulator=FILE keeps one beside FILE' : 'leave "--ledger none" out',
  })
}

async function nothing(): Promise<void> {
  // a run that only reads holds nothing
}
