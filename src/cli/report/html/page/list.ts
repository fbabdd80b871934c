import { visible } from '../../content/escape.ts'
import { button, el } from './element.ts'
import type { Row } from './rows.ts'
import { fieldsTable } from './values.ts'

/** So many rows are added at a time: the rest comes when it is scrolled to. */
const STEP = 100

const SIGNS = { create: '+', update: '~', delete: '−', noop: '=' } as const
const OUTCOMES = { done: 'done', failed: 'failed', skipped: 'not tried', unknown: 'unknown' } as const

/** The list of changes: rows that open, as many as are looked at. */
interface ChangeList {
  readonly node: HTMLElement
  readonly show: (rows: readonly Row[]) => void
  /** Opens or closes every row that is shown. */
  readonly openAll: (isOpen: boolean) => void
  /** Goes so many rows on. */
  readonly move: (steps: number) => void
  /** Adds the rows that nobody scrolled to. */
  readonly complete: () => void
}

/** A list with nothing in it; `empty` is said where nothing is left. */
export function changeList(empty: () => HTMLElement): ChangeList {
  const node = el('div', { class: 'list' })
  const end = el('div', { class: 'end' })
  const opened = new Map<Row, boolean>()
  let rows: readonly Row[] = []
  let shown = 0
  let isAllOpen = false
  const watcher = new IntersectionObserver(
    (entries) => {
      if (entries.some((entry) => entry.isIntersecting)) more()
    },
    { rootMargin: '800px' },
  )
  watcher.observe(end)
  const more = () => {
    const next = rows.slice(shown, shown + STEP)
    for (const [at, row] of next.entries()) {
      const before = rows[shown + at - 1]
      if (before?.scope !== row.scope && rows.some((one) => one.scope !== row.scope))
        end.before(el('h3', { class: 'scope' }, row.scope))
      end.before(rowNode(row, opened.get(row) ?? isAllOpen, (isOpen) => opened.set(row, isOpen)))
    }
    shown += next.length
    end.textContent = shown < rows.length ? `${(rows.length - shown).toLocaleString('en-US')} more below` : ''
  }
  const restart = () => {
    shown = 0
    node.replaceChildren(end)
    if (rows.length === 0) end.before(empty())
    more()
  }
  const complete = () => {
    while (shown < rows.length) more()
  }
  return {
    node,
    complete,
    show: (found) => {
      rows = found
      restart()
    },
    openAll: (isOpen) => {
      opened.clear()
      isAllOpen = isOpen
      restart()
    },
    move: (steps) => {
      const heads = [...node.querySelectorAll<HTMLElement>('.head')]
      const at = heads.findIndex((head) => head.matches(':focus'))
      const next = at < 0 ? (steps > 0 ? 0 : heads.length - 1) : Math.min(Math.max(at + steps, 0), heads.length - 1)
      if (next >= heads.length - 2 && shown < rows.length) more()
      heads[next]?.focus()
      heads[next]?.scrollIntoView({ block: 'nearest' })
    },
  }
}

function rowNode(row: Row, isOpen: boolean, remember: (isOpen: boolean) => void): HTMLElement {
  const { change, outcome, gates } = row
  const [kind = '', ...rest] = change.address.split('/')
  const key = rest.join('/')
  const name =
    key === '' ? el('b', {}, kind) : el('span', {}, el('span', { class: 'kind' }, `${kind}/`), el('b', {}, key))
  const head = el(
    'button',
    { type: 'button', class: 'head', 'aria-expanded': 'false' },
    el('span', { class: 'arrow', 'aria-hidden': 'true' }, '›'),
    el(
      'span',
      { class: `sign ${change.action}`, title: change.action },
      el('span', { 'aria-hidden': 'true' }, SIGNS[change.action]),
      el('span', { class: 'unseen' }, change.action),
    ),
    el('span', { class: 'name' }, name),
    el(
      'span',
      { class: 'badges' },
      outcome === undefined ? undefined : badge(`outcome ${outcome}`, OUTCOMES[outcome]),
      ...gates.map((gate) => badge('gate', gate)),
      change.risk.level === 'low' ? undefined : badge(`risk ${change.risk.level}`, `${change.risk.level} risk`),
      change.reason === 'drift' || change.reason === 'both'
        ? badge('drift', change.reason === 'drift' ? 'drift' : 'spec and drift')
        : undefined,
      change.verb === undefined ? undefined : badge('plain', change.verb),
      change.renamedFrom === undefined ? undefined : badge('plain', 'renamed'),
    ),
    change.source === null
      ? el('span', { class: 'source' }, change.action === 'delete' ? 'not in the spec' : '')
      : el('span', { class: 'source' }, `${change.source.file}:${change.source.line}`),
  )
  const body = el('div', { class: 'body' })
  const set = (open: boolean) => {
    head.setAttribute('aria-expanded', String(open))
    body.hidden = !open
    if (open && body.childElementCount === 0) body.append(...bodyOf(row))
  }
  set(isOpen)
  head.addEventListener('click', () => {
    const open = head.getAttribute('aria-expanded') !== 'true'
    remember(open)
    set(open)
  })
  return el('article', { class: `row ${change.action}`, 'aria-label': visible(change.address) }, head, body)
}

function badge(name: string, text: string): HTMLElement {
  return el('span', { class: `badge ${name}` }, text)
}

function bodyOf({ change, error, note }: Row): HTMLElement[] {
  const facts = [
    ...(change.renamedFrom === undefined ? [] : [`It is renamed from "${change.renamedFrom}".`]),
    ...(change.reason === 'drift' ? ['Drift: somebody changed it outside the spec.'] : []),
    ...(change.reason === 'both' ? ['The spec changed, and somebody changed it outside the spec.'] : []),
    ...(change.sent === undefined ? [] : [`Messages that went with it in the last 7 days: ${change.sent}.`]),
    ...change.risk.why.map((why) => `Risk: ${why}.`),
    ...(note === undefined ? [] : [note]),
  ]
  return [
    ...(error === undefined
      ? []
      : [
          el(
            'p',
            { class: 'error' },
            error.message,
            error.hint === undefined ? undefined : el('span', { class: 'hint' }, ` ${error.hint}`),
          ),
        ]),
    ...(facts.length === 0 ? [] : [el('ul', { class: 'facts' }, ...facts.map((fact) => el('li', {}, fact)))]),
    fieldsTable(change),
  ]
}

/** What stands where no row is left. */
export function nothing(clear: () => void): HTMLElement {
  return el('div', { class: 'nothing' }, el('p', {}, 'No change matches.'), button('Show all', {}, clear))
}
