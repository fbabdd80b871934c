import { wantedTelemetry } from '../../telemetry/wanted.ts'
import type { Invocation } from '../invocation/invocation.ts'

/** Whether anybody wants to hear of a run while it goes, or after it. */
export function isObserved({ env }: Invocation['io'], { notify }: Pick<Invocation['options'], 'notify'>): boolean {
  if (notify.length > 0 || (env['MAILCONFIG_NOTIFY_URL'] ?? '') !== '') return true
  const wanted = wantedTelemetry(env)
  return 'problem' in wanted || wanted.traces !== undefined || wanted.metrics !== undefined
}
