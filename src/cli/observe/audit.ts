import { randomUUID } from 'node:crypto'
import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Plan } from '../../engine/plan/plan.ts'
import { qualify } from '../../model/address.ts'
import { errorCode } from '../../model/error-code.ts'
import type { LedgerCommand } from '../../model/ledger/record.ts'
import type { Problem } from '../../model/problem.ts'
import type { Change } from '../../model/run/change.ts'
import type { Result } from '../../model/run/result.ts'
import { commitOf } from '../ci/commit.ts'
import { ciJobOf } from '../ci/job.ts'
import { EXIT, Stop } from '../invocation/exit.ts'
import type { Invocation } from '../invocation/invocation.ts'
import type { Io } from '../invocation/io.ts'
import { VERSION } from '../invocation/version.ts'

/** The audit log of one run: a line before and a line after each change, on the disk before the run goes on. */
interface Audit {
  /** Makes a change between its two lines; one that cannot be announced is not begun. */
  readonly around: (change: Change, make: () => Promise<Result>) => Promise<Result>
  /** The last lines: what reading back found, and how the run ended. Answers what could not be written. */
  readonly end: (results: readonly Result[], interrupted: boolean) => Problem | undefined
}

/** What a run is about. */
interface AuditAbout {
  readonly command: LedgerCommand
  /** The saved plan that is applied. */
  readonly plan?: string
  /** The run in the ledger, as soon as it has a name. */
  readonly run: () => string | undefined
}

/** Where the audit log is: `--audit-log`, or `MAILCONFIG_AUDIT_LOG`. */
function auditFile({ io, options }: Pick<Invocation, 'io' | 'options'>): string | undefined {
  const name = options.auditLog ?? io.env['MAILCONFIG_AUDIT_LOG'] ?? ''
  return name === '' ? undefined : resolve(io.cwd, name)
}

/** Opens the audit log of a run and announces it; refuses the run if that cannot be written. */
export function openAudit(
  plan: Plan,
  about: AuditAbout,
  invocation: Pick<Invocation, 'io' | 'options'>,
): Audit | undefined {
  const path = auditFile(invocation)
  if (path === undefined) return undefined
  const { io } = invocation
  const log = openLines(path)
  const common = commonOf(about, io)
  const write = (event: string, more: Readonly<Record<string, unknown>>) =>
    log.write({
      formatVersion: '1.0',
      time: io.now().toISOString(),
      event,
      ...common,
      ledgerRun: about.run() ?? null,
      ...more,
    })
  const gates = plan.gates.filter(({ accepted }) => accepted)
  const described = (change: Change) => ({
    ...changeOf(change),
    gates: gates.filter(({ addresses }) => addresses.includes(qualify(change.scope, change.address))).map(gateOf),
  })
  const begun = write('run-begin', {
    specHash: plan.spec.hash,
    savedPlan: about.plan ?? null,
    changes: plan.waves.flat().length,
    gates: gates.map(gateOf),
  })
  if (begun !== undefined) {
    log.close()
    throw refusal(path, begun)
  }
  let missed: string | undefined
  const written = new Map<Change, Result['outcome']>()
  return {
    async around(change, make) {
      if (missed === undefined) missed = write('change-begin', described(change))
      if (missed !== undefined) return notAudited(change, missed)
      const result = await make()
      written.set(change, result.outcome)
      missed ??= write('change-end', { ...described(change), ...outcomeOf(result) })
      return result
    },
    end(results, interrupted) {
      for (const result of results) {
        if (written.get(result.change) === result.outcome) continue
        const event = written.has(result.change) ? 'change-read-back' : 'change-skipped'
        missed ??= write(event, { ...described(result.change), ...outcomeOf(result) })
      }
      const whole = results.every(({ outcome }) => outcome === 'done')
      missed ??= write('run-end', { outcome: interrupted ? 'interrupted' : whole ? 'done' : 'partial' })
      log.close()
      if (missed === undefined) return undefined
      return {
        code: 'NOT_AUDITED',
        message: `the audit log cannot be written any more (${missed})`,
        hint: 'later changes are in the report above but not in the audit log',
      }
    },
  }
}

function notAudited(change: Change, why: string): Result {
  const message = `not begun, because the audit log cannot be written (${why})`
  return { change, outcome: 'skipped', error: { code: 'NOT_AUDITED', message } }
}

function refusal(path: string, why: string): Stop {
  return new Stop(`the audit log "${path}" cannot be written (${why}), so nothing was written`, {
    code: EXIT.refused,
    hint: 'every change has to be recorded: fix the file, or omit --audit-log',
  })
}

/** What every line says, so that one alone tells who did what. */
function commonOf({ command }: AuditAbout, { env, cwd }: Io) {
  const { actor, url, commit = commitOf(cwd) } = ciJobOf(env)
  return { run: randomUUID(), command, by: actor, url: url ?? null, commit: commit ?? null, mailconfig: VERSION }
}

/** A change by its names: no value of it is written down. */
function changeOf(change: Change) {
  const { scope, kind, address, action } = change
  const { account, subaccount } = scope
  const fields = action === 'noop' ? [] : [...new Set(change.fields.map(({ path }) => path))]
  const members = action === 'update' ? change.members : undefined
  return {
    ...{ account, subaccount, address, kind: kind.name, action, fields },
    ...(members === undefined
      ? {}
      : { members: { added: members.added.length, edited: members.edited.length, removed: members.removed.length } }),
  }
}

function outcomeOf({ outcome, id, error }: Result) {
  return { outcome, id: id ?? null, code: error?.code ?? null }
}

function gateOf({ code, token }: Plan['gates'][number]) {
  return { code, accepted: token ?? null }
}

/** A file that only grows, line by line; each is on the disk when `write` returns, or it answers why not. */
const START = '{"formatVersion":'

function openLines(path: string) {
  let handle: number
  try {
    handle = openSync(path, 'a+', 0o600)
  } catch (cause) {
    throw refusal(path, errorCode(cause, 'unknown reason'))
  }
  if (!isOurs(handle)) {
    closeSync(handle)
    throw refusal(path, 'what is there is no audit log')
  }
  try {
    if (isCutOff(handle)) writeSync(handle, '\n') // the line of a run that died
  } catch (cause) {
    throw refusal(path, errorCode(cause, 'unknown reason'))
  }
  return {
    write(line: Readonly<Record<string, unknown>>): string | undefined {
      try {
        const bytes = Buffer.from(`${JSON.stringify(line)}\n`)
        if (writeSync(handle, bytes) < bytes.length) return 'the disk is full'
        fsyncSync(handle)
        return undefined
      } catch (cause) {
        return errorCode(cause, 'unknown reason')
      }
    },
    close: () => closeSync(handle),
  }
}

/** True for an empty file, and for one that begins as a line of this log does: nothing else is added to. */
function isOurs(handle: number): boolean {
  if (!fstatSync(handle).isFile()) return true // a pipe or a terminal holds nothing that could be spoilt
  const start = Buffer.alloc(START.length)
  const length = readSync(handle, start, 0, START.length, 0)
  return START.startsWith(start.toString('utf8', 0, length))
}

function isCutOff(handle: number): boolean {
  const { size } = fstatSync(handle)
  if (size === 0) return false
  const last = Buffer.alloc(1)
  readSync(handle, last, 0, 1, size - 1)
  return last.toString() !== '\n'
}
