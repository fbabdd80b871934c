import { addressOf, type Message } from './api.ts'
import { el, sizeText, timeText } from './element.ts'
import { mark } from './rows.ts'

/** Who sent it to whom, and how. */
export function facts(message: Message): HTMLElement {
  const { from, envelopeFrom, time, channel, login, ip, size, account } = message
  const rows = [
    ['From', envelopeFrom === '' || from.includes(envelopeFrom) ? from : `${from} (envelope ${envelopeFrom})`],
    ['Sent', `${timeText(time)}, ${sizeText(size)}`],
    [
      'By',
      `${login === '' ? 'nobody' : login}${channel === 'api' ? ' through the API' : channel === 'ip' ? ' without a login' : ' over SMTP'}, from ${ip}${account === '' ? '' : `, for ${account}`}`,
    ],
  ]
  const list = el('dl', { class: 'facts' })
  for (const [name = '', value = ''] of rows) list.append(el('dt', {}, name), el('dd', {}, value))
  list.append(
    el('dt', {}, 'To'),
    el(
      'dd',
      { class: 'people' },
      ...message.recipients.map(({ address, fate, rule }) =>
        el(
          'span',
          {},
          address,
          ' ',
          mark(
            rule === '' ? fate : `${fate}: ${rule}`,
            fate === 'delivered' ? 'good' : fate === 'queued' || fate === 'delayed' ? 'wait' : 'bad',
          ),
        ),
      ),
    ),
  )
  return list
}

/** Why it was refused. */
export function verdict({ refused }: Message): HTMLElement | string {
  if (refused === null) return ''
  return el('div', { class: 'verdict' }, el('b', {}, `Refused by ${refused.rule}`), el('pre', {}, refused.text))
}

/** What can be downloaded. */
export function parts({ id, parts: all }: Message): HTMLElement {
  const list = el('ul', { class: 'parts' })
  list.append(
    el('li', {}, el('a', { href: addressOf(id, '/raw'), download: true }, 'The whole message'), ' message/rfc822'),
  )
  for (const [at, { name, type, size, isInline }] of all.entries())
    list.append(
      el(
        'li',
        {},
        el('a', { href: addressOf(id, `/parts/${at}`), download: true }, name),
        ` ${type}, ${sizeText(size)}${isInline ? ', inside of the HTML' : ''}`,
      ),
    )
  return list
}

/** The calls of webhooks about it, each with its tries. */
export function calls({ calls: all }: Message): HTMLElement {
  if (all.length === 0) return el('p', { class: 'empty' }, 'No webhook asked for anything that happened to it.')
  const list = el('div', { class: 'calls' })
  for (const { event, url, body, taken, tries } of all)
    list.append(
      el(
        'details',
        {},
        el(
          'summary',
          {},
          mark(taken ? 'taken' : tries.length === 0 ? 'waits' : 'not taken', taken ? 'good' : 'bad'),
          ` ${event} to ${url}`,
        ),
        table(
          ['Time', 'Answer'],
          tries.map(({ time, status, error }) => [timeText(time), status === null ? error : String(status)]),
        ),
        el('pre', {}, body),
      ),
    )
  return list
}

/** Rows under a head. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  return el(
    'div',
    { class: 'scroll' },
    el(
      'table',
      {},
      el('thead', {}, el('tr', {}, ...head.map((one) => el('th', { scope: 'col' }, one)))),
      el('tbody', {}, ...rows.map((row) => el('tr', {}, ...row.map((cell) => el('td', {}, cell))))),
    ),
  )
}
