import { defined, isRecord } from '../../../model/json.ts'
import type { CallAccount, Days, PlanUse, SubaccountUse } from '../../../model/traffic/traffic.ts'
import { ApiError } from '../../../model/wire.ts'
import { typed } from '../client/typed.ts'

/** What the account has used of its plan. Source: /stats/email_cycle. */
export async function plan(call: CallAccount): Promise<PlanUse> {
  const { cycle_used, cycle_max, cycle_start, cycle_end } = await typed(call).call('/stats/email_cycle')
  return { used: cycle_used, limit: cycle_max, cycle: cycleOf(cycle_start, cycle_end) }
}

/** The last day of a cycle begins at the time that the API calls its end. */
function cycleOf(start: string, end: string): Days {
  return { first: start.slice(0, 10), last: end.slice(0, 10) }
}

/**
 * What each subaccount has used of its own plan. `/subaccounts/usage` and `/subaccount/subaccountsmsusage` stand in the vendor's overview alone: where
 * an account answers them their numbers are taken, else those of `/subaccounts/search`.
 */
export async function subaccounts(call: CallAccount): Promise<SubaccountUse[]> {
  const [known, usage, sms] = await Promise.all([
    all(call),
    rowsAt(call, '/subaccounts/usage'),
    rowsAt(call, '/subaccount/subaccountsmsusage'),
  ])
  return known.map(({ id, name, plan_used, plan_size }) => {
    const numbers = (rows: readonly Row[], field: string) => {
      const value = rows.find((one) => one['id'] === id)?.[field]
      return typeof value === 'number' ? value : undefined
    }
    const [texts, most] = [numbers(sms, 'sms_used'), numbers(sms, 'sms_limit')]
    return {
      name,
      used: numbers(usage, 'plan_used') ?? plan_used,
      limit: numbers(usage, 'plan_size') ?? plan_size,
      ...(texts === undefined ? {} : { sms: { used: texts, ...defined({ limit: most }) } }),
    }
  })
}

async function all(call: CallAccount) {
  const found = []
  let continue_token: string | undefined
  do {
    const page = await typed(call).call('/subaccounts/search', defined({ continue_token }))
    found.push(...page.subaccounts)
    continue_token = page.continue_token || undefined
  } while (continue_token !== undefined)
  return found
}

type Row = Readonly<Record<string, unknown>>

/** The rows that an endpoint answers which an account may lack, and whose shape is not documented; none where there are none. */
async function rowsAt(call: CallAccount, path: string): Promise<Row[]> {
  try {
    const answer = await call({ method: 'POST', path, body: {}, reads: true })
    const rows = isRecord(answer) ? answer['subaccounts'] : answer
    return Array.isArray(rows) ? rows.filter(isRecord) : []
  } catch (error) {
    if (error instanceof ApiError && ['refused', 'permission', 'missing'].includes(error.kind)) return []
    throw error
  }
}
