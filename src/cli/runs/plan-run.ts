import { existsSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { kinds } from '../../apis/index.ts'
import type { DraftGate } from '../../engine/gates/draft-gate.ts'
import { planJson, summarise } from '../../engine/plan/document.ts'
import type { Plan, Planned } from '../../engine/plan/plan.ts'
import { unknownFields } from '../../engine/read/unknown-fields.ts'
import { prepare } from '../../engine/reconcile.ts'
import { formatScope, type Scope } from '../../model/address.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import type { Spec } from '../../model/desired/spec.ts'
import { defined, isRecord } from '../../model/json.ts'
import type { Position, Source } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import type { Change } from '../../model/run/change.ts'
import type { Live } from '../../model/run/live.ts'
import type { PlanDocument, SendingDocument } from '../../model/run/plan-document.ts'
import { Secret } from '../../model/secret.ts'
import { delivery, RESCUE } from '../delivery/destination.ts'
import { EXIT } from '../invocation/exit.ts'
import type { Invocation } from '../invocation/invocation.ts'
import { VERSION } from '../invocation/version.ts'
import { logOf } from '../observe/log.ts'
import { dnsGates } from '../policies/dns-gates.ts'
import type { RecentMail } from '../policies/recent-mail.ts'
import { sendingOf } from '../policies/sending.ts'
import { testGates } from '../policies/test-gates.ts'
import type { Connection } from '../session/connection.ts'
import { refuseLedger, type SessionLedger } from '../session/ledger.ts'
import { printWarnings, reportProblems } from '../session/problems.ts'
import { narrowed, type Session } from '../session/session.ts'
import type { LocatedSpec } from '../session/spec.ts'
import { unreadProblems, withPositions } from '../session/unread.ts'
import { paint, printable } from '../terminal/paint.ts'
import { progress } from '../terminal/progress.ts'
import { planText } from '../text/plan.ts'
import { estimateSeconds } from './estimate.ts'

/** A plan with what it was made with. */
export interface PlanRun {
  readonly plan: Plan
  readonly connection: Connection
  readonly ledger?: SessionLedger
  readonly locate: (source: Source) => Position
  readonly sending: readonly SendingDocument[]
  /** What was sent lately, where `--traffic` asked. */
  readonly recent?: RecentMail
}

/** Why there is no plan, as an exit code; `impossible`: all could be read, and the spec cannot be reached from there. */
interface NoPlan {
  readonly code: number
  readonly impossible?: boolean
}

/** Reads and plans; on problems they are printed and an exit code comes back. */
export async function preparePlan(
  located: LocatedSpec,
  { connection, ledger }: Session,
  invocation: Invocation,
): Promise<PlanRun | NoPlan> {
  const { io, options } = invocation
  const spec = narrowed(located.spec, options.account)
  const line = progress(io)
  const log = logOf(invocation)
  const startedAt = io.now().getTime()
  const recent = options.traffic === true ? await recentMail(spec, connection, invocation) : undefined
  log.phase('read', { accounts: [...new Set(spec.scopes.map(({ scope }) => scope.account))].join(',') })
  const dns = await dnsGates(spec, connection, invocation)
  try {
    const made = await prepare(
      spec,
      {
        kinds,
        send: connection.send,
        signal: io.signal,
        onProgress: (done, total) => line.show(`reading ${done}/${total}`),
        onPhase: invocation.watch.phase,
        remember: ledger?.records.remember,
      },
      {
        accept: options.accept ?? [],
        runnerAddresses: connection.runnerAddresses,
        usesCredential: connection.usesCredential,
        gateKey: gateKeyOf(spec, connection, invocation),
        more: bothOf(await testGates(spec, io.now()), recent?.gates),
        survey: dns?.survey,
        savedSecret: (object) => savedSecretOf(object, invocation),
      },
      { only: options.only, exclude: options.exclude },
    )
    const planned = dns === undefined || !made.ok ? made : withWarnings(made, dns.warnings())
    line.clear()
    log.phase('read done', { ms: io.now().getTime() - startedAt, calls: connection.stats().calls })
    const obstacles = ledger?.lost === undefined ? [] : ledger.records.obstacles()
    if (obstacles.length > 0 && !io.signal.aborted) return { code: refuseLedger(obstacles, invocation) }
    const needsPlaces =
      !planned.ok || options.all === true || planned.plan.waves.length > 0 || planned.plan.warnings.length > 0
    const locate = needsPlaces ? await located.locate() : nowhere
    if (planned.ok) {
      const { create, update, delete: gone } = summarise(planned.plan)
      log.phase('plan', { create, update, delete: gone, gates: planned.plan.gates.length })
      const warnings = [
        ...(spec.scopes.length === 0 ? [nothingDeclared(options.account)] : []),
        ...withPositions(planned.plan.warnings, locate),
        ...undelivered(invocation),
      ]
      if (options.strict === true && warnings.length > 0) {
        reportProblems(invocation, warnings, locate)
        io.stderr.write('Nothing was written: with --strict a warning is an error.\n')
        return { code: EXIT.failed }
      }
      printWarnings(invocation, warnings)
      noteUnknown(planned.plan.live, invocation)
      for (const note of dns?.notes() ?? []) io.stderr.write(`note: ${printable(note)}\n`)
      const plan = located.isPart === true ? { ...planned.plan, unmanaged: [] } : planned.plan
      const prepared = { plan, connection, ...defined({ ledger, recent }), locate, sending: await sendingOf(plan) }
      invocation.tell({
        plan: () => planDocumentOf(prepared, invocation),
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

type More = (changes: readonly Change[], live: Live) => readonly DraftGate[]

/** Gates of several rooms, in their order. */
function bothOf(...all: readonly (More | undefined)[]): More | undefined {
  const given = all.filter((one) => one !== undefined)
  return given.length === 0 ? undefined : (changes, live) => given.flatMap((one) => one(changes, live))
}

/** What was sent lately, and all that decides who may send, whether the spec names it or not. */
async function recentMail(spec: Spec, connection: Connection, invocation: Invocation): Promise<RecentMail> {
  const { io } = invocation
  const [{ readRecentMail }, { readOthers, withOthers }] = await Promise.all([
    import('../policies/recent-mail.ts'),
    import('./others.ts'),
  ])
  const isRead = (scope: Scope, kind: string) =>
    spec.scopes.find((one) => formatScope(one.scope) === formatScope(scope))?.sections.has(kind) === true
  const [mail, others] = await Promise.all([
    readRecentMail(spec, { send: connection.send, signal: io.signal, now: io.now() }),
    readOthers(spec, isRead, connection, invocation),
  ])
  return { ...mail, gates: (changes, live) => mail.gates(changes, withOthers(live, others)) }
}

/** A plan with what was noticed beside it. */
function withWarnings(planned: Planned & { readonly ok: true }, more: readonly Problem[]): Planned {
  return { ...planned, plan: { ...planned.plan, warnings: [...planned.plan.warnings, ...more] } }
}

/** The secret that an API showed once, where the entry says that it is saved. */
function savedSecretOf({ kind, values, source }: DesiredObject, { io }: Invocation): Secret | undefined {
  const target = kind.oneTimeSecret === undefined ? undefined : values[kind.oneTimeSecret.to]
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
    message: `the spec declares nothing${where}: it has no section, so there is nothing to compare, and no API was called`,
    hint: 'add a section such as smtpUsers:, or import the live state with "mailconfig export --into FILE --all-sections"',
  }
}

function nowhere(source: Source): Position {
  return { file: source.file, line: 1, column: 1 }
}

/** The plan as data: what every view of it is made from. */
export function planDocumentOf({ plan, locate, sending, recent }: PlanRun, { options }: Invocation): PlanDocument {
  return planJson(plan, {
    version: VERSION,
    locate,
    all: options.all === true,
    sending,
    ...defined({ sentOf: recent?.sentOf }),
  })
}

/** Prints a plan as text to standard output. */
export function printPlan(prepared: PlanRun, invocation: Invocation): void {
  const { io, options } = invocation
  const { plan, connection } = prepared
  io.stdout.write(
    planText(planDocumentOf(prepared, invocation), {
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
