import type { Message } from './api.ts'
import { el, mark, sizeText, timeText, toneOf } from './element.ts'

const WAYS: Readonly<Record<string, string>> = { smtp: ' over SMTP', api: ' through the API', ip: ' without a login' }

/** From whom, by whom, to whom; and for each recipient what became of it and by which rule. */
export function factsOf(message: Message): HTMLElement {
  const { from, envelopeFrom, time, channel, login, ip, size, account, copyOf } = message
  const rows: (readonly [string, string | HTMLElement])[] = [
    ['From', envelopeFrom === '' || from.includes(envelopeFrom) ? from : `${from} (envelope ${envelopeFrom})`],
    ['To', people(message)],
    ['Sent', `${timeText(time)}, ${sizeText(size)}`],
    [
      'By',
      `${login === '' ? 'nobody' : login}${login === '' ? '' : (WAYS[channel] ?? '')}, from ${ip}${account === '' ? '' : `, for ${account}`}`,
    ],
    ...(copyOf === null ? [] : [['Copy of', copyOf] as const]),
  ]
  return el('dl', { class: 'facts' }, ...rows.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]))
}

function people({ recipients }: Message): HTMLElement {
  return el(
    'ul',
    { class: 'people' },
    ...recipients.map(({ address, fate, rule }) =>
      el('li', {}, `${address} `, mark(rule === '' ? fate : `${fate}: ${rule}`, toneOf(fate))),
    ),
  )
}

/** Why the service refused it, in the words that its sender saw. */
export function verdictOf({ refused }: Message): HTMLElement | undefined {
  if (refused === null) return undefined
  const lines = refused.text.split('\n')
  return el(
    'div',
    { class: 'verdict' },
    el('b', {}, `Refused by ${refused.rule}`),
    el('pre', {}, lines.map((line, at) => `${refused.code}${at === lines.length - 1 ? ' ' : '-'}${line}`).join('\n')),
  )
}
