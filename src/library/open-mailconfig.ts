import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { apis as allApis, kinds as allKinds } from '../apis/index.ts'
import { sender } from '../apis/sender.ts'
import { specSchema } from '../derive/schema/spec.ts'
import { compileValidator } from '../derive/schema/validator.ts'
import { load } from '../engine/load.ts'
import { carryOut, closedGates, prepare } from '../engine/reconcile.ts'
import type { CallEvent } from '../http/connection.ts'
import { proxyFor } from '../http/proxy.ts'
import { type WholeRun, wholeRuns } from '../ledger/runs/whole-runs.ts'
import { LedgerError } from '../ledger/stores/store.ts'
import type { Spec } from '../model/desired/spec.ts'
import { defined } from '../model/json.ts'
import { apisOf } from '../model/kind/api.ts'
import type { ResourceKind } from '../model/kind/kind.ts'
import type { Problem } from '../model/problem.ts'
import type { Delivery } from '../model/run/delivery.ts'
import { Secret } from '../model/secret.ts'
import type { Applied, ApplyRequest, Planned, PlanRequest } from './outcomes.ts'
import { openRunLedger } from './run-ledger.ts'
import { SpecError } from './spec-error.ts'

/** What a program gives to `openMailconfig`; everything has a default. */
export interface MailconfigOptions {
  /** Files and folders of the spec, from `cwd`. Left out: mailconfig.yaml, or the folder mailconfig/. */
  readonly paths?: readonly string[]
  /** Left out: the folder of the process. */
  readonly cwd?: string
  /** For `${env:NAME}`, proxies and ledgers. Left out: the environment of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Values for `${var:NAME}`. */
  readonly vars?: Readonly<Record<string, string>>
  /** Left out: every kind there is. Kinds of your own bring their API with them. */
  readonly kinds?: readonly ResourceKind[]
  /** Where what is applied is written down, a path or a URL as `--ledger` takes it. Left out: nowhere. */
  readonly ledger?: string
  /** Takes the secrets that an API shows once. Left out: a change that makes one fails before its call. */
  readonly delivery?: Delivery
  /** Addresses from which this program reaches the APIs; a gate asks whether a list would lock them out. */
  readonly runnerAddresses?: readonly string[]
  /** Changes and calls at the same time. Left out: 8. */
  readonly parallelism?: number
  /** Calls in one second, to each account. Left out: 50. */
  readonly perSecond?: number
  /** Told of every call, without secrets. */
  readonly onCall?: (event: CallEvent) => void
}

/** A spec with connections to its accounts. */
export interface Mailconfig extends AsyncDisposable {
  readonly spec: Spec
  /** What is odd in the spec and stops nothing. */
  readonly warnings: readonly Problem[]
  /** Reads live state and says what would change. Changes nothing. Rejects with `LedgerError` where the ledger cannot be read. */
  plan(request?: PlanRequest): Promise<Planned>
  /**
   * Plans again, makes the changes and reads back, if every gate is accepted. With a ledger it holds the lease meanwhile. An abort lets
   * calls in flight finish and begins nothing new: what was not tried is `skipped`. Rejects with `LedgerError`.
   */
  apply(request?: ApplyRequest): Promise<Applied>
  /** The runs that the ledger remembers, the latest first; none without a ledger. Rejects with `LedgerError`. */
  history(): Promise<readonly WholeRun[]>
  /** Ends connections. */
  close(): Promise<void>
}

const PARALLELISM = 8
const PER_SECOND = 50

/** Reads a spec and connects to its accounts; no call is made yet. Rejects with `SpecError` where the spec has problems. */
export async function openMailconfig(options: MailconfigOptions = {}): Promise<Mailconfig> {
  const { env = process.env, cwd = process.cwd(), kinds = allKinds, parallelism = PARALLELISM } = options
  const apis = [...new Set([...allApis, ...apisOf(kinds)])]
  const loaded = await load({
    paths: options.paths ?? [],
    cwd,
    kinds,
    validate: compileValidator(specSchema(kinds, apis)),
    env,
    apis,
    ...defined({ vars: options.vars }),
  })
  if (!loaded.ok) throw new SpecError(loaded.problems)
  const { spec, warnings } = loaded
  const accounts = [...spec.accounts.values()]
  const wire = sender(
    accounts.map(({ name, api, url, credential = new Secret(''), login }) => ({
      ...{ name, api, url, credential },
      ...defined({ login, proxy: proxyFor(url, env) }),
    })),
    {
      apis,
      userAgent: 'mailconfig-library',
      limits: { concurrency: parallelism, perSecond: options.perSecond ?? PER_SECOND },
      ...defined({ onCall: options.onCall }),
    },
  )
  const credentialOf = (name: string) => spec.accounts.get(name)?.credential
  const ledgerOf = (isWriting: boolean, signal?: AbortSignal) =>
    options.ledger === undefined
      ? undefined
      : openRunLedger(options.ledger, { accounts, kinds, cwd, env, isWriting, by: hostname(), ...defined({ signal }) })

  const planWith = async (
    { only = [], exclude = [], accept = [], signal }: ApplyRequest,
    ledger: Awaited<ReturnType<typeof ledgerOf>>,
  ): Promise<Planned> => {
    const planned = await prepare(
      spec,
      { kinds, send: wire.send, signal, remember: ledger?.records.remember },
      {
        accept,
        runnerAddresses: options.runnerAddresses ?? [],
        usesCredential: (account, text) =>
          text.length >= 16 && (credentialOf(account)?.reveal().startsWith(text) ?? false),
        gateKey: accounts.find(({ credential }) => credential !== undefined)?.credential,
      },
      { only, exclude },
    )
    return planned.ok ? { outcome: 'planned', plan: planned.plan } : { ...planned, outcome: 'impossible' }
  }

  const applyWith = async (request: ApplyRequest): Promise<Applied> => {
    const ledger = await ledgerOf(true, request.signal)
    try {
      const planned = await planWith(request, ledger)
      const [obstacle] = ledger?.records.obstacles() ?? []
      if (obstacle !== undefined)
        throw new LedgerError(obstacle.code, obstacle.message, defined({ hint: obstacle.hint }))
      if (planned.outcome !== 'planned') return planned
      const { plan } = planned
      const gates = closedGates(plan)
      if (gates.length > 0) return { outcome: 'refused', plan, gates }
      const results = await carryOut(plan, {
        ...{ kinds, send: wire.send, parallelism, delivery: options.delivery ?? NOWHERE },
        sleep: (ms) => wait(ms),
        signal: ledger === undefined ? request.signal : AbortSignal.any([ledger.lost, request.signal ?? NEVER]),
        journal: ledger?.records.journal(ledger.about(plan.spec.hash)),
        onResult: request.onResult,
      })
      return { outcome: 'applied', plan, results, isWhole: results.every(({ outcome }) => outcome === 'done') }
    } finally {
      await ledger?.close()
    }
  }

  return {
    spec,
    warnings,
    plan: async (request = {}) => {
      const ledger = await ledgerOf(false, request.signal)
      return await planWith(request, ledger).finally(ledger?.close)
    },
    apply: (request = {}) => applyWith(request),
    history: async () => {
      const ledger = await ledgerOf(false)
      if (ledger === undefined) return []
      await ledger.close()
      return wholeRuns(ledger.records.history())
    },
    close: () => wire.close(),
    [Symbol.asyncDispose]: () => wire.close(),
  }
}

const NEVER = new AbortController().signal

/** Nobody takes a secret, so none is made. */
const NOWHERE: Delivery = {
  refuses: () => 'this program accepts no secrets: pass "delivery" to openMailconfig',
  deliver: () => Promise.reject(new Error('this program accepts no secrets')),
  recall: () => undefined,
}
