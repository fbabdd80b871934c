import type { Plan } from '../../engine/plan/plan.ts'
import { stepsOf } from '../../engine/wire/calls.ts'
import { apisOf } from '../../model/kind/api.ts'

/** Seconds that a call usually takes over the internet. */
const CALL_SECONDS = 0.2

/** About how many seconds applying takes: the slower of our own pace and the vendor's limit for an endpoint. */
export function estimateSeconds(plan: Plan, parallelism: number, perSecond: number): number {
  const changes = plan.waves.flat()
  const calls = changes.flatMap((change) => stepsOf(change).map((step) => step.call.path))
  if (calls.length === 0) return 0
  const pace = plan.waves.reduce(
    (sum, wave) => sum + Math.ceil(wave.length / Math.max(1, parallelism)) * CALL_SECONDS,
    0,
  )
  const limits = apisOf(changes.map(({ kind }) => kind))
    .flatMap((api) => api.limits)
    .map(({ path, calls: most, perMs }) => {
      const count = calls.filter((one) => one === path).length
      return count > most ? (Math.floor((count - 1) / most) * perMs) / 1000 : 0
    })
  return Math.max(pace, calls.length / Math.max(1, perSecond), ...limits)
}
