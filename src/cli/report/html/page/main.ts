import type { PageContents } from '../contents.ts'
import { button, el } from './element.ts'
import { filtersFor } from './filters.ts'
import { summary, unmanaged } from './head.ts'
import { listenToKeys } from './keys.ts'
import { changeList, nothing } from './list.ts'
import { rowsOf } from './rows.ts'
import { themeSwitch } from './theme.ts'

const TILES = [
  { action: 'delete', sign: '−', word: 'to delete' },
  { action: 'update', sign: '~', word: 'to update' },
  { action: 'create', sign: '+', word: 'to create' },
] as const

start(JSON.parse(document.getElementById('contents')?.textContent ?? 'null'))

/** Draws the page. */
function start(contents: PageContents): void {
  const rows = rowsOf(contents)
  const counted = el('p', { class: 'counted', role: 'status' })
  const filters = filtersFor(rows, () => update())
  const list = changeList(() => nothing(filters.clear))
  const tiles = TILES.flatMap(({ action, sign, word }) => {
    const number = rows.filter((row) => row.change.action === action).length
    if (number === 0) return []
    const tile = el(
      'button',
      { type: 'button', class: `tile ${action}`, 'aria-pressed': 'false' },
      el('span', { class: `sign ${action}`, 'aria-hidden': 'true' }, sign),
      el('b', {}, number.toLocaleString('en-US')),
      ` ${word}`,
    )
    tile.addEventListener('click', () => filters.toggle(action))
    return [{ action, tile }]
  })
  const update = () => {
    const found = rows.filter(filters.matches)
    for (const { action, tile } of tiles) tile.setAttribute('aria-pressed', String(filters.actions.has(action)))
    counted.textContent =
      found.length === rows.length
        ? `${rows.length.toLocaleString('en-US')} ${rows.length === 1 ? 'change' : 'changes'}`
        : `${found.length.toLocaleString('en-US')} of ${rows.length.toLocaleString('en-US')} changes`
    list.show(found)
  }
  const theme = themeSwitch()
  const { dialog, help } = listenToKeys([
    { key: '/', does: 'search', act: () => filters.search.focus() },
    { key: 'j', does: 'next change', act: () => list.move(1) },
    { key: 'k', does: 'previous change', act: () => list.move(-1) },
    { key: 'e', does: 'open all', act: () => list.openAll(true) },
    { key: 'c', does: 'close all', act: () => list.openAll(false) },
    { key: 't', does: 'other colours', act: theme.next },
  ])
  const changes = el(
    'section',
    { 'aria-labelledby': 'changes' },
    el('h2', { id: 'changes', class: 'unseen' }, 'Changes'),
    el('div', { class: 'tiles', role: 'group', 'aria-label': 'Only these actions' }, ...tiles.map(({ tile }) => tile)),
    el(
      'div',
      { class: 'bar' },
      filters.node,
      el(
        'div',
        { class: 'tools' },
        counted,
        button('Open all', { class: 'tool', 'aria-keyshortcuts': 'e' }, () => list.openAll(true)),
        button('Close all', { class: 'tool', 'aria-keyshortcuts': 'c' }, () => list.openAll(false)),
      ),
    ),
    list.node,
  )
  document.body.append(
    el(
      'header',
      {},
      el(
        'p',
        { class: 'brand' },
        el('b', {}, 'mailconfig'),
        ` ${contents.command}`,
        el('span', { class: 'target' }, contents.target),
      ),
      el('div', { class: 'tools' }, theme.node, button('Keys', { class: 'tool', 'aria-keyshortcuts': '?' }, help)),
    ),
    el('main', {}, ...summary(contents), ...(rows.length === 0 ? [] : [changes]), ...unmanaged(contents)),
    dialog,
  )
  window.addEventListener('beforeprint', list.complete)
  if (rows.length > 0) update()
}
