import { addressOf, type Message } from './api.ts'
import { el, mark, sizeText, table, timeText } from './element.ts'

/** What happened to a message, the first thing first. */
export function eventsOf({ events }: Message): HTMLElement {
  if (events.length === 0) return el('p', { class: 'empty' }, 'Nothing happened to it.')
  const rows = events.map(({ time, event, recipient, detail }) => [timeText(time), event, recipient, detail])
  return table(['Time', 'Event', 'Recipient', 'Detail'], rows)
}

/** The files of a message, and the whole message as a file. */
export function partsOf({ id, parts, size }: Message): HTMLElement {
  const link = (name: string, what: string) => el('a', { href: addressOf(id, what), download: true }, name)
  return table(
    ['File', 'Type', 'Size', 'Where'],
    [
      [link('The whole message', '/raw'), 'message/rfc822', sizeText(size), ''],
      ...parts.map(({ name, type, size: bytes, isInline }, at) => [
        link(name, `/parts/${at}`),
        type,
        sizeText(bytes),
        isInline ? 'inside of the message' : 'attached',
      ]),
    ],
  )
}

/** The calls of webhooks about a message, with every try. */
export function callsOf({ calls }: Message): HTMLElement {
  if (calls.length === 0) return el('p', { class: 'empty' }, 'No webhook asked for what happened to it.')
  return el(
    'div',
    {},
    ...calls.map(({ event, url, body, taken, next, tries }) => {
      const state = taken
        ? mark('taken', 'good')
        : next === null
          ? mark('given up', 'bad')
          : mark('not taken yet', 'wait')
      const rows = tries.map(({ time, status, error }) => [timeText(time), status === null ? error : String(status)])
      return el(
        'details',
        {},
        el('summary', {}, state, ` ${event} to ${url}`),
        rows.length === 0 ? undefined : table(['Tried', 'Answer'], rows),
        next === null ? undefined : el('p', { class: 'quiet' }, `The next try is at ${timeText(next)}.`),
        el('pre', {}, readable(body)),
      )
    }),
  )
}

/** The fields of a call, one a line; a webhook is sent JSON or a form. */
function readable(body: string): string {
  if (!body.startsWith('{'))
    return [...new URLSearchParams(body)].map(([name, value]) => `${name}: ${value}`).join('\n')
  return JSON.stringify(JSON.parse(body), undefined, 2)
}

/** The message as it was sent. */
export function sourceOf({ source, isCut, id }: Message): HTMLElement {
  const all = el('a', { href: addressOf(id, '/raw'), download: true }, 'The whole message')
  return el(
    'div',
    {},
    isCut ? el('p', { class: 'notice' }, 'This is its beginning. ', all) : undefined,
    el('pre', { class: 'source' }, source),
  )
}
