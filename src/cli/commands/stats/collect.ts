import type { Days, MailCounts, PlanUse, TrafficGroup, TrafficRow } from '../../../model/traffic/traffic.ts'
import type { TrafficAccount } from '../../traffic/accounts.ts'
import { totalOf } from '../../traffic/counts.ts'
import { eachDay } from '../../traffic/days.ts'

/** What the rows are about. */
export type Group = 'day' | TrafficGroup

/** The mail of one account in a period. */
export interface AccountStats {
  readonly account: string
  readonly total: MailCounts
  readonly plan: PlanUse
  /** In the order of the days, else those who sent most first; none where nobody asked for rows. */
  readonly rows: readonly TrafficRow[]
}

/** Calls that it takes: one for each day, else one, and one for the plan. */
export function callsFor(days: Days, by: Group | undefined): number {
  return 1 + (by === 'day' ? eachDay(days).length : 1)
}

/** Asks an account for its numbers. Throws `ApiError`. */
export async function collect(
  { name, traffic, call }: TrafficAccount,
  days: Days,
  by: Group | undefined,
): Promise<AccountStats> {
  const [plan, rows] = await Promise.all([
    traffic.plan(call),
    by === 'day' ? daily() : traffic.history(call, days, by ?? 'user'),
  ])
  // A history by subaccount leaves out what the account itself sent.
  const all = by === 'subaccount' ? await traffic.history(call, days, 'user') : rows
  const total = totalOf(all.map(({ counts }) => counts))
  return { account: name, total, plan, rows: by === undefined ? [] : by === 'day' ? rows : largestFirst(rows) }

  function daily(): Promise<TrafficRow[]> {
    return Promise.all(
      eachDay(days).map(async (day) => {
        const of = await traffic.history(call, { first: day, last: day }, 'user')
        return { name: day, counts: totalOf(of.map(({ counts }) => counts)) }
      }),
    )
  }
}

function largestFirst(rows: readonly TrafficRow[]): TrafficRow[] {
  return rows.toSorted((a, b) => b.counts.sent - a.counts.sent || (a.name < b.name ? -1 : 1))
}
