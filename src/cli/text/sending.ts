import type { PlanDocument, SendingDocument } from '../../model/run/plan-document.ts'

/** One thing that becomes possible with a plan (`+`), or no longer is (`-`). */
interface SendingLine {
  readonly sign: '+' | '-'
  readonly text: string
}

/** No list is longer; the rest is counted. */
const MOST = 20

/** What a plan changes about who may send, in the words of people, by scope. */
export function sendingLines({
  sending = [],
}: Pick<PlanDocument, 'sending'>): { readonly scope: string; readonly lines: readonly SendingLine[] }[] {
  return sending.map(({ scope, gained, lost }) => {
    const all = [...linesOf('+', gained), ...linesOf('-', lost)]
    const more =
      all.length > MOST ? [{ sign: all[MOST]?.sign ?? '+', text: `and ${all.length - MOST} more` } as const] : []
    return { scope, lines: [...all.slice(0, MOST), ...more] }
  })
}

function linesOf(sign: SendingLine['sign'], { logins, from, as, to }: SendingDocument['gained']): SendingLine[] {
  return [
    ...logins.map((one) => `login: ${one}`),
    ...from.map((one) => `from ${one}`),
    ...as.map((one) => `as ${one}`),
    ...to.map((one) => `to ${one}`),
  ].map((text) => ({ sign, text }))
}
