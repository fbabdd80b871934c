import type { Listing, Row } from './api.ts'
import { el, sizeText, timeText } from './element.ts'

/** The list of messages; one of them is open. */
export function rowList(open: (row: Row) => void) {
  const list = el('ul', { class: 'rows' })
  const empty = el('p', { class: 'empty', hidden: true })
  const node = el('section', { class: 'list', 'aria-label': 'Messages' }, list, empty)
  let rows: readonly Row[] = []
  let current: string | undefined
  return {
    node,
    focus,
    get current() {
      return rows.find(({ id }) => id === current)
    },
    show({ messages, total }: Listing, isSearch: boolean): void {
      rows = messages
      empty.hidden = total > 0
      empty.textContent = isSearch
        ? 'No message fits the search.'
        : 'No mail yet. Send some to the SMTP port or to /v3/email/send; refused messages show here, too.'
      const focused = list.contains(document.activeElement)
      list.replaceChildren(...rows.map(item))
      if (focused) focus()
    },
    move(by: number): void {
      const at = rows.findIndex(({ id }) => id === current)
      const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))]
      if (next !== undefined) choose(next)
      focus()
    },
  }

  function choose(row: Row): void {
    current = row.id
    for (const one of list.querySelectorAll('button'))
      one.setAttribute('aria-current', String(one.dataset['id'] === row.id))
    open(row)
  }

  function focus(): void {
    const one = [...list.querySelectorAll('button')].find(({ dataset }) => dataset['id'] === current)
    one?.focus()
    one?.scrollIntoView({ block: 'nearest' })
  }

  function item(row: Row): HTMLLIElement {
    const { id, subject, from, recipients, time, size, seen, rule, hasAttachment, tags } = row
    const to = recipients.map(({ address }) => address).join(', ')
    const one = el(
      'button',
      { type: 'button', 'data-id': id, 'aria-current': String(id === current), class: seen ? 'row' : 'row unseen' },
      el('span', { class: 'from' }, from === '' ? '(blank sender)' : from),
      el('time', { datetime: time }, timeText(time)),
      el('span', { class: 'subject' }, subject === '' ? '(no subject)' : subject),
      el('span', { class: 'to' }, `to ${to}`),
      el(
        'span',
        { class: 'marks' },
        ...marks(row),
        hasAttachment ? mark('attachment', 'quiet') : undefined,
        ...tags.map((tag) => mark(tag, 'quiet')),
        el('span', { class: 'size' }, sizeText(size)),
      ),
    )
    if (rule !== '') one.classList.add('refused')
    one.addEventListener('click', () => choose(row))
    return el('li', {}, one)
  }
}

const BAD = ['refused', 'suppressed', 'bounced', 'discarded']

/** What became of it, a word for each kind. */
function marks({ rule, recipients, events }: Row): HTMLElement[] {
  if (rule !== '') return [mark(`refused: ${rule}`, 'bad')]
  const fates = [...new Set(recipients.map(({ fate }) => fate))]
  const after = events.filter((event) => ['opened', 'clicked', 'spam', 'unsubscribed'].includes(event))
  return [
    ...fates.map((fate) => mark(fate, fate === 'delivered' ? 'good' : BAD.includes(fate) ? 'bad' : 'wait')),
    ...after.map((event) => mark(event, event === 'spam' ? 'bad' : 'quiet')),
  ]
}

/** A word in a frame. */
export function mark(text: string, kind: string): HTMLElement {
  return el('span', { class: `mark ${kind}` }, text)
}
