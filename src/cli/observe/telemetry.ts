import { defined } from '../../model/json.ts'
import type { Change } from '../../model/run/change.ts'
import { wantedTelemetry } from '../../telemetry/wanted.ts'
import { NO_WATCH, type Watch, type WatchedChange } from '../../telemetry/watch.ts'
import { commitOf } from '../ci/commit.ts'
import { ciJobOf } from '../ci/job.ts'
import type { Io } from '../invocation/io.ts'
import type { Drifted, Telling } from '../invocation/telling.ts'
import { VERSION } from '../invocation/version.ts'

/** Begins to tell a collector of a run, where the variables of OpenTelemetry ask for it; else nothing of it is loaded. */
export async function openTelemetry(command: string, io: Io): Promise<Watch> {
  const wanted = wantedTelemetry(io.env)
  if ('problem' in wanted) {
    io.stderr.write(`warning: no traces and no metrics: ${wanted.problem}\n`)
    return NO_WATCH
  }
  if (wanted.traces === undefined && wanted.metrics === undefined) return NO_WATCH
  const { openWatch } = await import('../../telemetry/open.ts')
  const { url, commit = commitOf(io.cwd) } = ciJobOf(io.env)
  return openWatch(wanted, {
    command,
    version: VERSION,
    env: io.env,
    now: () => io.now().getTime(),
    ...defined({ url, commit }),
  })
}

/** What was changed outside the spec, as `drift` found it, or else as the plan shows it. */
export function driftIn({ drift, plan }: Telling): Drifted | undefined {
  if (drift !== undefined) return drift
  const document = plan?.()
  if (document === undefined) return undefined
  const changes = document.changes.filter(({ reason }) => reason === 'drift' || reason === 'both')
  return { accounts: document.accounts, drift: changes }
}

/** Tells how much was changed outside the spec, account by account. */
export function tellDrift(watch: Watch, { accounts, drift }: Drifted): void {
  for (const { name } of accounts) watch.drift(name, drift.filter(({ account }) => account === name).length)
}

/** A change as it is told: no value of it. */
export function watchedChange({ scope, kind, address, action }: Change): WatchedChange {
  return { ...scope, kind: kind.name, address, action }
}
