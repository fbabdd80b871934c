import type { MailCounts } from '../../../model/traffic/traffic.ts'
import type { Options } from '../../options/vocabulary.ts'
import { percentText, rateOf } from '../../traffic/counts.ts'
import type { AccountStats, Group } from './collect.ts'

/** A row with fewer messages says nothing about a rate. */
const LEAST = 100

/** What is over a limit. */
export interface Excess {
  readonly account: string
  /** The row; left out for the total of the account. */
  readonly name?: string
  readonly what: 'bounces' | 'complaints'
  readonly rate: number
  readonly limit: number
}

/** Where too much bounced or was complained about: in a total, or in a row of 100 messages or more that is no day. */
export function excesses(
  all: readonly AccountStats[],
  by: Group | undefined,
  { maxBounces, maxSpam }: Pick<Options, 'maxBounces' | 'maxSpam'>,
): Excess[] {
  const over = (account: string, counts: MailCounts, name?: string): Excess[] =>
    (
      [
        ['bounces', maxBounces],
        ['complaints', maxSpam],
      ] as const
    ).flatMap(([what, limit]) => {
      const rate = rateOf(counts[what], counts)
      if (limit === undefined || rate <= limit) return []
      return [{ account, what, rate, limit, ...(name === undefined ? {} : { name }) }]
    })
  return all.flatMap(({ account, total, rows }) => [
    ...over(account, total),
    ...rows.flatMap(({ name, counts }) => (by === 'day' || counts.sent < LEAST ? [] : over(account, counts, name))),
  ])
}

/** An excess in words. */
export function excessText({ account, name, what, rate, limit }: Excess): string {
  const of = name === undefined ? account : `${account}, ${name}`
  return `${of}: ${percentText(rate)} ${what}, more than ${percentText(limit)}`
}
