import type { MailCounts } from '../../model/traffic/traffic.ts'

/** The numbers of mail in the order in which people read them. */
export const COUNTS = ['sent', 'bounces', 'rejects', 'complaints', 'unsubscribes', 'opens', 'clicks'] as const

/** Adds up. */
export function totalOf(all: readonly MailCounts[]): MailCounts {
  const sum = { sent: 0, bounces: 0, rejects: 0, complaints: 0, unsubscribes: 0, opens: 0, clicks: 0 }
  for (const one of all) for (const name of COUNTS) sum[name] += one[name]
  return sum
}

/** A part of what was sent, from 0 to 1; 0 where nothing was sent. */
export function rateOf(part: number, { sent }: MailCounts): number {
  return sent === 0 ? 0 : part / sent
}

/** A rate in words: `0.97%`. */
export function percentText(rate: number): string {
  const percent = rate * 100
  return `${percent.toFixed(percent >= 10 ? 1 : 2).replace(/\.?0+$/, '')}%`
}

/** A whole number with its thousands apart: `12,345`. */
export function numberText(value: number): string {
  return value.toLocaleString('en')
}
