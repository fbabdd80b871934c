import type { CallAccount, Days, TrafficGroup, TrafficRow } from '../../../model/traffic/traffic.ts'
import { typed } from '../client/typed.ts'
import type { HistoryGroup, HistoryRow } from '../operations/statistics.ts'

const GROUPS = {
  user: 'username',
  domain: 'domain',
  sender: 'email_address',
  subaccount: 'subaccount',
} as const satisfies Record<TrafficGroup, HistoryGroup>

/** Mail of some days by user, domain, sender or subaccount. A key of the master account sees its subaccounts, too. Source: /stats/email_history. */
export async function history(call: CallAccount, { first, last }: Days, by: TrafficGroup): Promise<TrafficRow[]> {
  const group_by = GROUPS[by]
  const start_date = `${first} 00:00:00`
  const end_date = `${last} 23:59:59`
  const { history: rows } = await typed(call).call('/stats/email_history', { group_by, start_date, end_date })
  return rows.map((row) => ({
    name: row[group_by] ?? '',
    counts: countsOf(row),
    ...(row.lastip === '' ? {} : { lastIp: row.lastip }),
  }))
}

function countsOf(row: HistoryRow): TrafficRow['counts'] {
  return {
    sent: row.used,
    bounces: row.bounces ?? 0,
    rejects: row.rejects ?? 0,
    complaints: row.spam ?? 0,
    unsubscribes: row.unsubscribes ?? 0,
    opens: row.opens ?? 0,
    clicks: row.clicks ?? 0,
  }
}
