import type { Listing, Row } from './api.ts'
import { el, mark, sizeText, timeText, toneOf } from './element.ts'

/** The list of messages; one of them is open. */
export function rowList(open: (row: Row) => void) {
  const list = el('ul', { class: 'rows' })
  const note = el('p', { class: 'empty', hidden: true })
  const node = el(
    'section',
    { class: 'list', 'aria-labelledby': 'messages' },
    el('h2', { id: 'messages', class: 'unseen' }, 'Messages'),
    list,
    note,
  )
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
      note.hidden = total > 0 && total === messages.length
      note.textContent =
        total > 0
          ? `The latest ${messages.length} of ${total}: search for the others.`
          : isSearch
            ? 'No message fits the search.'
            : 'No mail yet. Send some to the SMTP port or to /v3/email/send: what is refused shows here, too.'
      const { activeElement: focused } = document
      const focusedId = focused instanceof HTMLElement && list.contains(focused) ? focused.dataset['id'] : undefined
      list.replaceChildren(...rows.map(item))
      if (focusedId !== undefined) (buttonOf(focusedId) ?? buttonOf(current))?.focus()
    },
    /** Opens the next one, or the one before. */
    move(by: number): void {
      const at = rows.findIndex(({ id }) => id === current)
      const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))]
      if (next !== undefined && next.id !== current) choose(next)
      focus()
    },
    /** What is open after a message is gone: the one below it, else the one above. */
    leave(): void {
      const at = rows.findIndex(({ id }) => id === current)
      const next = rows[at + 1] ?? rows[at - 1]
      if (next === undefined) current = undefined
      else choose(next)
    },
  }

  function choose(row: Row): void {
    current = row.id
    for (const one of list.querySelectorAll('button'))
      one.setAttribute('aria-current', String(one.dataset['id'] === row.id))
    open(row)
  }

  function focus(): void {
    const one = buttonOf(current)
    one?.focus()
    one?.scrollIntoView({ block: 'nearest' })
  }

  function buttonOf(wanted: string | undefined): HTMLButtonElement | undefined {
    return [...list.querySelectorAll('button')].find(({ dataset }) => dataset['id'] === wanted)
  }

  function item(row: Row): HTMLLIElement {
    const { id, subject, from, recipients, time, size, seen, rule, attached, tags, snippet, copyOf } = row
    const kinds = ['row', ...(seen ? [] : ['unread']), ...(rule === '' ? [] : ['refused'])]
    const one = el(
      'button',
      { type: 'button', 'data-id': id, 'aria-current': String(id === current), class: kinds.join(' ') },
      el('span', { class: 'from' }, from === '' ? '(blank sender)' : from),
      el('time', { datetime: time }, timeText(time)),
      el('span', { class: 'subject' }, subject === '' ? '(no subject)' : subject),
      el('span', { class: 'size' }, sizeText(size)),
      el('span', { class: 'to' }, `to ${recipients.map(({ address }) => address).join(', ')}`),
      snippet === '' ? undefined : el('span', { class: 'snippet' }, snippet),
      el(
        'span',
        { class: 'marks' },
        seen ? undefined : el('span', { class: 'unseen' }, 'unread'),
        ...marks(row),
        copyOf === null ? undefined : mark('audit copy', 'quiet'),
        attached === 0 ? undefined : mark(attached === 1 ? '1 file' : `${attached} files`, 'quiet'),
        ...tags.map((tag) => mark(tag, 'tag')),
      ),
    )
    one.addEventListener('click', () => choose(row))
    return el('li', {}, one)
  }
}

/** What became of it, a word for each kind. */
function marks({ rule, recipients, happened }: Row): HTMLElement[] {
  if (rule !== '') return [mark(`refused: ${rule}`, 'bad')]
  const fates = [...new Set(recipients.map(({ fate }) => fate))]
  const after = happened.filter((event) => ['opened', 'clicked', 'spam', 'unsubscribed'].includes(event))
  return [
    ...fates.map((fate) => mark(fate, toneOf(fate))),
    ...after.map((event) => mark(event, event === 'spam' ? 'bad' : 'quiet')),
  ]
}
