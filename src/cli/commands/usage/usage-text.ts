import type { Days, SubaccountUse } from '../../../model/traffic/traffic.ts'
import { type Paint, printable } from '../../terminal/paint.ts'
import { numberText, percentText } from '../../traffic/counts.ts'

/** What an account or one of its subaccounts has used. */
export interface Usage {
  readonly account: string
  readonly subaccount?: string
  /** Messages. */
  readonly used: number
  readonly limit: number
  readonly cycle?: Days
  /** Messages at the end of the cycle. */
  readonly expected?: number
  readonly sms?: SubaccountUse['sms']
}

const shareOf = ({ used, limit }: Usage): number => (limit === 0 ? (used === 0 ? 0 : 1) : used / limit)
const nameOf = ({ account, subaccount }: Usage): string =>
  subaccount === undefined ? account : `${account}/${subaccount}`

/** For people. */
export function usageText(all: readonly Usage[], max: number | undefined, color: Paint): string {
  const width = all.reduce((most, one) => Math.max(most, printable(nameOf(one)).length), 0)
  return all
    .map((one) => {
      const { used, limit, cycle, expected, sms } = one
      const share = shareOf(one)
      const isOver = max !== undefined && share > max
      const words = [
        `${numberText(used)} of ${numberText(limit)} used (${percentText(share)})`,
        `${numberText(Math.max(0, limit - used))} left`,
        ...(cycle === undefined ? [] : [`cycle ${cycle.first} to ${cycle.last}`]),
        ...(expected === undefined ? [] : [`about ${numberText(expected)} at its end`]),
        ...(sms === undefined
          ? []
          : [`${numberText(sms.used)}${sms.limit === undefined ? '' : ` of ${numberText(sms.limit)}`} text messages`]),
      ]
      const line = `${printable(nameOf(one)).padEnd(width)}  ${words.join(', ')}`
      if (isOver) return `${color.red(line)}  more than ${percentText(max)}\n`
      return expected !== undefined && expected > limit
        ? `${line}  ${color.yellow('more than the plan')}\n`
        : `${line}\n`
    })
    .join('')
}

/** For scripts; shares are from 0 to 1. */
export function usageDocument(all: readonly Usage[]) {
  return {
    formatVersion: '1.0',
    plans: all.map((one) => ({ ...one, left: Math.max(0, one.limit - one.used), share: shareOf(one) })),
  }
}

const METRICS = [
  ['mailconfig_plan_limit_messages', 'Messages that the plan allows in a billing cycle.', ({ limit }: Usage) => limit],
  ['mailconfig_plan_used_messages', 'Messages sent in the billing cycle.', ({ used }: Usage) => used],
  [
    'mailconfig_plan_expected_messages',
    'Messages at the end of the billing cycle if it goes on as it went.',
    ({ expected }: Usage) => expected,
  ],
  ['mailconfig_plan_used_sms', 'Text messages sent by a subaccount.', ({ sms }: Usage) => sms?.used],
] as const

/** For a monitoring system (OpenMetrics 1.0). */
export function usageMetrics(all: readonly Usage[]): string {
  const families = METRICS.flatMap(([name, help, read]) => {
    const samples = all.flatMap((one) => {
      const value = read(one)
      if (value === undefined) return []
      return [`${name}{account="${label(one.account)}",subaccount="${label(one.subaccount ?? '')}"} ${value}`]
    })
    return samples.length === 0 ? [] : [`# TYPE ${name} gauge`, `# HELP ${name} ${help}`, ...samples]
  })
  return `${[...families, '# EOF'].join('\n')}\n`
}

function label(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
