import { defined } from '../../../model/json.ts'
import type { CallAccount, Days, PlanUse, SubaccountUse } from '../../../model/traffic/traffic.ts'
import { ApiError } from '../../../model/wire.ts'
import { ask } from './ask.ts'

/** What the account has used of its plan. Source: /stats/email_cycle. */
export async function plan(call: CallAccount): Promise<PlanUse> {
  const { cycle_used, cycle_max, cycle_start, cycle_end } = await ask(call, '/stats/email_cycle', {})
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
    orNothing(() => ask(call, '/subaccounts/usage', {})),
    orNothing(() => ask(call, '/subaccount/subaccountsmsusage', {})),
  ])
  return known.map(({ id, name, plan_used, plan_size }) => {
    const own = listOf(usage).find((one) => one.id === id)
    const texts = listOf(sms).find((one) => one.id === id)
    return {
      name,
      used: own?.plan_used ?? plan_used,
      limit: own?.plan_size ?? plan_size,
      ...(texts?.sms_used === undefined
        ? {}
        : { sms: { used: texts.sms_used, ...defined({ limit: texts.sms_limit }) } }),
    }
  })
}

async function all(call: CallAccount) {
  const found = []
  let continue_token: string | undefined
  do {
    const page = await ask(call, '/subaccounts/search', defined({ continue_token }))
    found.push(...page.subaccounts)
    continue_token = page.continue_token || undefined
  } while (continue_token !== undefined)
  return found
}

/** What an endpoint answers that an account may lack; undefined where it is not there. */
async function orNothing<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run()
  } catch (error) {
    if (
      error instanceof ApiError &&
      (error.kind === 'refused' || error.kind === 'permission' || error.kind === 'missing')
    )
      return undefined
    throw error
  }
}

/** The rows of an answer whose shape nobody documents; none where it is another one. */
function listOf<Row extends object>(answer: readonly Row[] | { readonly subaccounts?: readonly Row[] } | undefined) {
  if (answer === undefined) return []
  if (Array.isArray(answer)) return answer as readonly Row[]
  const { subaccounts: rows } = answer as { readonly subaccounts?: readonly Row[] }
  return Array.isArray(rows) ? (rows as readonly Row[]) : []
}
