import { wantedTelemetry } from '../telemetry/wanted.ts'
import type { Io } from './io.ts'

/** Whether anybody wants to hear of a run while it goes, or after it. */
export function isWatched({ env }: Pick<Io, 'env'>): boolean {
  const wanted = wantedTelemetry(env)
  return 'problem' in wanted || wanted.traces !== undefined || wanted.metrics !== undefined
}
