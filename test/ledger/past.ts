import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EmulatorOptions } from '../../src/apis/emulator.ts'
import { kinds } from '../../src/apis/index.ts'
import { delivery } from '../../src/cli/delivery/destination.ts'
import { compose } from '../../src/engine/assemble/compose.ts'
import type { Plan, Planned } from '../../src/engine/plan/plan.ts'
import { carryOut, prepare } from '../../src/engine/reconcile.ts'
import { openLedger, type RunLedger } from '../../src/ledger/ledger.ts'
import type { LedgerAccount } from '../../src/ledger/memory/pages.ts'
import type { Keep } from '../../src/ledger/record/history.ts'
import { parseRecord } from '../../src/ledger/record/text.ts'
import type { Adopted } from '../../src/ledger/runs/adopt.ts'
import { openFile } from '../../src/ledger/stores/file.ts'
import type { Store } from '../../src/ledger/stores/store.ts'
import type { Spec } from '../../src/model/desired/spec.ts'
import type { LedgerCommand, LedgerRecord } from '../../src/model/ledger/record.ts'
import type { Problem } from '../../src/model/problem.ts'
import type { Result } from '../../src/model/run/result.ts'
import { Secret } from '../../src/model/secret.ts'
import { openWorld, planOf, specOf, type World } from '../apis/kinds/world.ts'

type Sections = Readonly<Record<string, unknown>>

/** A world with a ledger in a file: what a command does, without the command. */
export interface Past {
  readonly world: World
  readonly path: string
  /** What the ledger writes for this credential; another one is a runner with another key. */
  readonly plan: (sections: Sections, options?: PastOptions) => Promise<Planned>
  readonly apply: (sections: Sections, options?: PastOptions) => Promise<Applied>
  readonly adopt: (sections: Sections, options?: PastOptions) => Promise<Adopted>
  readonly rollback: (run: string, sections: Sections) => Promise<{ planned: Planned; impossible: readonly string[] }>
  readonly apply2: (planned: Planned) => Promise<readonly Result[]>
  readonly book: (sections: Sections, options?: PastOptions) => Promise<RunLedger>
  readonly record: (account?: string) => LedgerRecord
  readonly text: () => string
  readonly lose: () => void
  readonly write: (text: string) => void
  readonly close: () => Promise<void>
}

export interface PastOptions {
  /** Stands for an account's own. */
  readonly credential?: string
  /** Other documents. */
  readonly beside?: readonly string[]
  readonly store?: Store
  readonly replace?: boolean
  readonly keep?: Keep
  /** Other names for accounts, in their order. */
  readonly rename?: Readonly<Record<string, string>>
  readonly lease?: string
  readonly url?: string
  readonly signal?: AbortSignal
  readonly onResult?: (result: Result) => void
}

export interface Applied {
  readonly results: readonly Result[]
  readonly failure: Problem | undefined
  readonly run: string
}

/** Opens a world whose runs are remembered. */
export async function openPast(options: EmulatorOptions = {}): Promise<Past> {
  const world = await openWorld(options)
  const path = join(world.folder, 'ledger.json')
  const now = () => new Date()
  const store = openFile(path, { cwd: world.folder, now })
  const about = (command: LedgerCommand) => ({ command, by: 'ada@build-7', mailconfig: '0.0.0', specHash: 'sha256:0' })
  const send: World['send'] = (account, request, signal) =>
    world.send(account === 'renamed' ? 'main' : account, request, signal)

  const bookOf = async (spec: Spec, more: PastOptions): Promise<RunLedger> =>
    await openLedger(more.store ?? store, accountsOf(spec, more), {
      kinds,
      now,
      ...(more.replace === undefined ? {} : { replace: more.replace }),
      ...(more.keep === undefined ? {} : { keep: more.keep }),
      ...(more.lease === undefined ? {} : { lease: more.lease }),
    })
  const prepared = async (sections: Sections, more: PastOptions) => {
    const loaded = specOf(await world.load(sections, ...(more.beside ?? [])))
    const spec = more.rename === undefined ? loaded : renamed(loaded, more.rename)
    const book = await bookOf(spec, more)
    return { book, spec, planned: await planSpec(spec, book) }
  }
  const planSpec = async (spec: Spec, book: RunLedger, accept: readonly string[] = []): Promise<Planned> => {
    const run = { kinds, send, remember: book.remember }
    const context = { accept, runnerAddresses: ['127.0.0.1'], usesCredential: () => false }
    const planned = await prepare(spec, run, context)
    const closed = planned.ok
      ? planned.plan.gates.flatMap(({ token, accepted }) => (accepted ? [] : [token ?? '']))
      : []
    return closed.length === 0 || accept.length > 0 ? planned : await planSpec(spec, book, closed)
  }
  const run = async (plan: Plan, book: RunLedger, more: PastOptions, command: LedgerCommand): Promise<Applied> => {
    const journal = book.journal(about(command))
    const results = await carryOut(plan, {
      kinds,
      send,
      delivery: delivery({ cwd: world.folder, exec: () => '' }),
      parallelism: 4,
      sleep: async () => undefined,
      journal,
      signal: more.signal,
      onResult: more.onResult,
    })
    return { results, failure: journal.failure, run: journal.id }
  }
  let rolling: RunLedger | undefined
  return {
    world,
    path,
    plan: async (sections, more = {}) => (await prepared(sections, more)).planned,
    apply: async (sections, more = {}) => {
      const { book, planned } = await prepared(sections, more)
      const plan = planOf(planned)
      if (plan.waves.length > 0) return await run(plan, book, more, 'apply')
      await book.tidy({ changes: plan.changes, objects: plan.spec.objects })
      return { results: [], failure: undefined, run: '' }
    },
    adopt: async (sections, more = {}) => {
      const { book, planned } = await prepared(sections, more)
      const plan = planOf(planned)
      return await book.adopt({ changes: plan.changes, objects: plan.spec.objects }, about('adopt'))
    },
    rollback: async (id, sections) => {
      const spec = specOf(await world.load(sections))
      rolling = await bookOf(spec, {})
      const undo = rolling.undo(id, spec.objects)
      if (undo === undefined) throw new Error(`no run ${id}`)
      const planned = await planSpec(compose(spec.accounts, undo.objects, spec.hash), rolling)
      return { planned, impossible: undo.impossible }
    },
    apply2: async (planned) => {
      if (rolling === undefined) throw new Error('there is nothing to roll back')
      return (await run(planOf(planned), rolling, {}, 'rollback')).results
    },
    book: async (sections, more = {}) => await bookOf(specOf(await world.load(sections)), more),
    record: (account = 'main') => {
      const document: unknown = JSON.parse(readFileSync(path, 'utf8'))
      return parseRecord(JSON.stringify(member(member(document, 'accounts'), account)), account)
    },
    text: () => (existsSync(path) ? readFileSync(path, 'utf8') : ''),
    lose: () => rmSync(path, { force: true }),
    write: (text) => writeFileSync(path, text),
    close: world.close,
  }
}

function member(value: unknown, name: string): unknown {
  return Object.entries(Object(value)).find(([key]) => key === name)?.[1]
}

function accountsOf(spec: Spec, { credential, url }: PastOptions): LedgerAccount[] {
  return [...spec.accounts.values()].map((account) => ({
    ...account,
    ...(credential === undefined ? {} : { credential: new Secret(credential) }),
    ...(url === undefined ? {} : { url }),
  }))
}

/** The same spec with an account under another name. */
function renamed(spec: Spec, names: Readonly<Record<string, string>>): Spec {
  const nameOf = (account: string) => names[account] ?? account
  const moved = <T extends { readonly scope: Spec['scopes'][number]['scope'] }>(one: T): T => ({
    ...one,
    scope: { ...one.scope, account: nameOf(one.scope.account) },
  })
  return {
    ...spec,
    accounts: new Map([...spec.accounts].map(([name, one]) => [nameOf(name), { ...one, name: nameOf(name) }])),
    scopes: spec.scopes.map(moved),
    objects: spec.objects.map(moved),
  }
}

/** What a plan would do, in a line each. */
export function linesOf(planned: Planned): string[] {
  return planOf(planned).changes.flatMap((change) =>
    change.action === 'noop' ? [] : [`${change.action} ${change.address} ${change.reason ?? 'unknown'}`],
  )
}

/** The codes of a plan's warnings. */
export function warned(planned: Planned): string[] {
  return planOf(planned).warnings.map(({ code }) => code)
}
