import { existsSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { kinds } from '../apis/index.ts'
import { planJson, summarise } from '../engine/plan/document.ts'
import type { Plan } from '../engine/plan/plan.ts'
import type { Unread } from '../engine/plan/unread.ts'
import { unknownFields } from '../engine/read/unknown-fields.ts'
import { prepare } from '../engine/reconcile.ts'
import { qualify } from '../model/address.ts'
import type { DesiredObject } from '../model/desired/object.ts'
import type { Spec } from '../model/desired/spec.ts'
import { isRecord } from '../model/json.ts'
import type { Position, Source } from '../model/position.ts'
import type { Problem } from '../model/problem.ts'
import type { Live } from '../model/run/live.ts'
import type { PlanDocument } from '../model/run/plan-document.ts'
import { Secret } from '../model/secret.ts'
import type { ApiError } from '../model/wire.ts'
import { type Connection, connectTo } from './connection.ts'
import { delivery, RESCUE } from './delivery.ts'
import { estimateSeconds } from './estimate.ts'
import { EXIT } from './io.ts'
import { type Hold, holdLedger, type Ledger, readLedger, refuse } from './ledger.ts'
import { logOf } from './log.ts'
import type { Invocation } from './main.ts'
import { progress } from './progress.ts'
import { printWarnings, type ReadySpec, reportProblems } from './spec.ts'
import { paint, printable } from './text/paint.ts'
import { planText } from './text/plan.ts'
import { VERSION } from './version.ts'

/** What a run works with: the APIs, and the ledger where there is one. Whoever opens it closes it. */
export interface Reach {
  readonly connection: Connection
  readonly ledger?: Ledger
  readonly close: () => Promise<void>
}

/** A plan with what it was made with. */
export interface ReadyPlan {
  readonly plan: Plan
  readonly connection: Connection
  readonly ledger?: Ledger
  readonly locate: (source: Source) => Position
}

/** Why there is no plan, as an exit code; `impossible`: all could be read, and the spec cannot be reached from there. */
export interface NoPlan {
  readonly code: number
  readonly impossible?: boolean
}

/** Connects to the accounts of a spec and opens the ledger: to read it, or under its lease where the run writes. */
export async function reach(ready: ReadySpec, invocation: Invocation, hold?: Hold): Promise<Reach> {
  const spec = narrowed(ready.spec, invocation.options.account)
  const accounts = [...spec.accounts.values()].filter((account) => isUsed(spec, account.name))
  const connection = await connectTo(accounts, invocation, ready.spec)
  try {
    const ledger =
      hold === undefined
        ? await readLedger(accounts, connection, invocation)
        : await holdLedger(accounts, connection, invocation, hold)
    const close = async () => {
      await connection.close()
      await ledger?.close()
    }
    return { connection, ...(ledger === undefined ? {} : { ledger }), close }
  } catch (error) {
    await connection.close()
    throw error
  }
}

/** Reads and plans; on problems they are printed and an exit code comes back. */
export async function preparePlan(
  ready: ReadySpec,
  { connection, ledger }: Reach,
  invocation: Invocation,
): Promise<ReadyPlan | NoPlan> {
  const { io, options } = invocation
  const spec = narrowed(ready.spec, options.account)
  const line = progress(io)
  const log = logOf(invocation)
  const startedAt = io.now().getTime()
  log.phase('read', { accounts: [...new Set(spec.scopes.map(({ scope }) => scope.account))].join(',') })
  try {
    const planned = await prepare(
      spec,
      {
        kinds,
        send: connection.send,
        signal: io.signal,
        onProgress: (done, total) => line.show(`reading ${done}/${total}`),
        onPhase: invocation.watch.phase,
        remember: ledger?.book.remember,
      },
      {
        accept: options.accept ?? [],
        runnerAddresses: connection.runnerAddresses,
        usesCredential: connection.usesCredential,
        gateKey: gateKeyOf(spec, connection, invocation),
        savedSecret: (object) => savedSecretOf(object, invocation),
      },
      { only: options.only, exclude: options.exclude },
    )
    line.clear()
    log.phase('read done', { ms: io.now().getTime() - startedAt, calls: connection.stats().calls })
    const obstacles = ledger?.lost === undefined ? [] : ledger.book.obstacles()
    if (obstacles.length > 0 && !io.signal.aborted) return { code: refuse(obstacles, invocation) }
    const needsPlaces =
      !planned.ok || options.all === true || planned.plan.waves.length > 0 || planned.plan.warnings.length > 0
    const locate = needsPlaces ? await ready.locate() : nowhere
    if (planned.ok) {
      const { create, update, delete: gone } = summarise(planned.plan)
      log.phase('plan', { create, update, delete: gone, gates: planned.plan.gates.length })
      const warnings = [
        ...(spec.scopes.length === 0 ? [nothingDeclared(options.account)] : []),
        ...located(planned.plan.warnings, locate),
        ...undelivered(invocation),
      ]
      if (options.strict === true && warnings.length > 0) {
        reportProblems(invocation, warnings, locate)
        io.stderr.write('Nothing was written: with --strict a warning is an error.\n')
        return { code: EXIT.failed }
      }
      printWarnings(invocation, warnings)
      noteUnknown(planned.plan.live, invocation)
      const plan = ready.isPart === true ? { ...planned.plan, unmanaged: [] } : planned.plan
      const prepared = { plan, connection, ...(ledger === undefined ? {} : { ledger }), locate }
      invocation.tell({
        plan: () => documentOf(prepared, invocation),
        seconds: estimateSeconds(planned.plan, options.parallelism, options.maxRps ?? 50),
      })
      return prepared
    }
    if (io.signal.aborted) {
      io.stderr.write('Nothing was written.\n')
      return { code: EXIT.interrupted }
    }
    reportProblems(invocation, [...planned.problems, ...unreadProblems(planned.unread)], locate)
    return { code: EXIT.failed, impossible: planned.unread.length === 0 }
  } finally {
    line.clear()
  }
}

/** The secret that an API showed once, where the entry says that it is saved. */
function savedSecretOf({ kind, values, source }: DesiredObject, { io }: Invocation): Secret | undefined {
  const target = kind.yields === undefined ? undefined : values[kind.yields.to]
  return isRecord(target) ? delivery(io).recall(target, source.file) : undefined
}

/** Secrets that did not get to their place wait until somebody takes them: said in every run. */
function undelivered({ io }: Invocation): Problem[] {
  const folder = resolve(io.cwd, RESCUE)
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.key')) : []
  if (names.length === 0) return []
  const shown = names.slice(0, 3).map((name) => `${RESCUE}/${name}`)
  return [
    {
      code: 'UNDELIVERED',
      severity: 'warning',
      message: `${names.length === 1 ? 'a secret waits' : `${names.length} secrets wait`} to be taken to ${names.length === 1 ? 'its' : 'their'} place: ${shown.join(', ')}${names.length > 3 ? ' …' : ''}`,
      hint: 'no API shows them again: move each to where it belongs, then remove the file',
    },
  ]
}

/** Plan and apply have to share it for a number to mean the same: a key of their own, or else the credentials of the accounts. */
function gateKeyOf(spec: Spec, connection: Connection, { io, options }: Invocation): Secret | undefined {
  const key = io.env['MAILCONFIG_PLAN_KEY'] ?? ''
  if (key !== '') return new Secret(key)
  if (options.emulator !== undefined) return undefined // a new one each time, and nothing to protect
  const names = [...new Set(spec.scopes.map(({ scope }) => scope.account))].sort()
  return new Secret(names.map((name) => connection.credentialOf(name)?.reveal() ?? '').join('\0'))
}

/** What an API shows and this version does not know: said, and no reason to stop anybody, for an API may add something on any day. */
function noteUnknown(live: Live, { io }: Invocation): void {
  for (const { kind, name, objects } of unknownFields(live))
    io.stderr.write(
      `note: ${printable(`${kind}: the API shows "${name}" on ${objects} ${objects === 1 ? 'object' : 'objects'}, which this version does not know: it is neither compared nor written`)}\n`,
    )
}

/** A spec without a section asks for nothing, and hardly anybody who runs a plan means that. */
function nothingDeclared(accounts: readonly string[]): Problem {
  const where = accounts.length === 0 ? '' : ` for ${accounts.map((one) => `"${one}"`).join(', ')}`
  return {
    code: 'NOTHING_DECLARED',
    severity: 'warning',
    message: `the spec declares nothing${where}: it has no section, so there is nothing to compare, and nobody was called`,
    hint: 'add a section such as smtpUsers:, or write down what is there with "mailconfig export --into FILE --all-sections"',
  }
}

function nowhere(source: Source): Position {
  return { file: source.file, line: 1, column: 1 }
}

/** Problems with their places. */
export function located(problems: readonly Problem[], locate: (source: Source) => Position): Problem[] {
  return problems.map((problem) => ({
    ...problem,
    ...(problem.source === undefined ? {} : { at: locate(problem.source) }),
  }))
}

/** The plan as data: what every view of it is made from. */
export function documentOf({ plan, locate }: ReadyPlan, { options }: Invocation): PlanDocument {
  return planJson(plan, { version: VERSION, locate, all: options.all === true })
}

/** Prints a plan as text to standard output. */
export function printPlan(prepared: ReadyPlan, invocation: Invocation): void {
  const { io, options } = invocation
  const { plan, connection } = prepared
  io.stdout.write(
    planText(documentOf(prepared, invocation), {
      color: paint(io.stdout, io.env, options.color),
      full: options.all === true,
      urlOf: (name) => {
        const account = plan.spec.accounts.get(name)
        return account === undefined ? undefined : connection.urlOf(account)
      },
      seconds: estimateSeconds(plan, options.parallelism, options.maxRps ?? 50),
    }),
  )
}

function isUsed(spec: Spec, account: string): boolean {
  return spec.scopes.some(({ scope }) => scope.account === account)
}

/** The part of a spec that these accounts are in; all of it where none is named. */
export function narrowed(spec: Spec, accounts: readonly string[]): Spec {
  if (accounts.length === 0) return spec
  return {
    ...spec,
    scopes: spec.scopes.filter(({ scope }) => accounts.includes(scope.account)),
    objects: spec.objects.filter(({ scope }) => accounts.includes(scope.account)),
    references: spec.references.filter(({ from }) => accounts.includes(from.scope.account)),
  }
}

/** What could not be read, in words: which collections, which endpoint, what to do; one problem for one cause. */
export function unreadProblems(unread: readonly Unread[]): Problem[] {
  const causes = new Map<string, Unread[]>()
  for (const one of unread) {
    const cause = `${one.scope.account} ${one.error.kind} ${one.error.message}`
    causes.set(cause, [...(causes.get(cause) ?? []), one])
  }
  return [...causes.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const { error } = first
    const where = group.map(({ scope, kind }) => qualify(scope, kind)).join(', ')
    const verb = group.length === 1 ? 'is unknown, and nothing in it' : 'are unknown, and nothing in them'
    const call = error.path === '' ? '' : `${error.path}: `
    const status =
      error.status === undefined || !error.message.includes('is not shown') ? '' : ` (status ${error.status})`
    const request = error.requestId === undefined ? '' : ` (request ${error.requestId})`
    const hint = error.hint ?? adviceFor(error)
    const message = printable(`${where} ${verb} will be changed: ${call}${error.message}${status}${request}`)
    return [{ code: 'CANNOT_READ', message, ...(hint === undefined ? {} : { hint }) }]
  })
}

/** What to do about an error whose API does not say. */
function adviceFor({ kind, account, path }: ApiError): string | undefined {
  switch (kind) {
    case 'auth':
      return `give the account "${account}" another credential`
    case 'permission':
      return `the credential of the account "${account}" works, and needs leave for ${path}`
    case 'network':
      return `check the url of the account "${account}", and whether this machine reaches it`
    case 'shape':
      return `is the url of the account "${account}" that of the API, and is no proxy in between?`
    case 'rate':
    case 'server':
      return 'try again later'
    case 'refused':
    case 'missing':
    case 'cancelled':
      return undefined
  }
}
