import type { PlanUse } from '../../../model/traffic/traffic.ts'

const DAY_MS = 86_400_000

/** How many messages there will be at the end of the cycle if it goes on as it went; undefined where the cycle is not known or has just begun. */
export function expectedUse({ used, cycle }: PlanUse, now: Date): number | undefined {
  if (cycle === undefined) return undefined
  const start = Date.parse(cycle.first)
  const end = Date.parse(cycle.last) + DAY_MS
  const gone = Math.min(now.getTime(), end) - start
  return gone < DAY_MS ? undefined : Math.round((used * (end - start)) / gone)
}
