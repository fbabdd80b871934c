import { wantedTelemetry } from '../../telemetry/wanted.ts'
import type { Invocation } from '../invocation/invocation.ts'

/** Whether a run is observed while it goes on, or reported after it. */
export function isObserved({ env }: Invocation['io'], { notify }: Pick<Invocation['options'], 'notify'>): boolean {
  if (notify.length > 0 || (env['MAILCONFIG_NOTIFY_URL'] ?? '') !== '') return true
  const wanted = wantedTelemetry(env)
  return 'problem' in wanted || wanted.traces !== undefined || wanted.metrics !== undefined
}
