import type { ChangeDocument } from '../../../../model/run/plan-document.ts'
import { secretWords } from '../../../text/reason.ts'
import { isMarkup } from '../contents.ts'
import { el } from './element.ts'
import { withPreview } from './preview.ts'
import { textDiff } from './text-diff.ts'

type Field = ChangeDocument['fields'][number]

/** The fields of a change: what was on the left, what will be on the right. */
export function fieldsTable({ action, fields }: ChangeDocument): HTMLElement {
  if (fields.length === 0) return el('p', { class: 'quiet' }, 'No fields to show.')
  const short = fields.filter((field) => !isLong(field))
  const long = fields.filter(isLong)
  const rows = short.map((field) =>
    el('tr', {}, el('th', { scope: 'row' }, field.path, driftOf(field)), ...cells(action, field)),
  )
  const heads = action === 'update' ? ['Field', 'Before', 'After'] : ['Field', action === 'create' ? 'Value' : 'Was']
  const table = el(
    'table',
    { class: 'fields' },
    el('thead', { class: 'heads' }, el('tr', {}, ...heads.map((head) => el('th', { scope: 'col' }, head)))),
    el('tbody', {}, ...rows),
  )
  return el('div', {}, short.length === 0 ? undefined : table, ...long.map((field) => longField(action, field)))
}

function isLong({ before, after, sensitive }: Field): boolean {
  return (
    !sensitive &&
    [before, after].some((value) => typeof value === 'string' && (value.includes('\n') || value.length > 200))
  )
}

function cells(action: ChangeDocument['action'], field: Field): HTMLElement[] {
  const { before, after, sensitive } = field
  if (sensitive) {
    const words = action === 'update' ? `(sensitive), ${secretWords(field)}` : '(sensitive)'
    return [el('td', { class: 'quiet', colspan: action === 'update' ? '2' : undefined }, words)]
  }
  if (action === 'create') return [el('td', { class: 'is-new' }, value(after))]
  if (action === 'delete') return [el('td', { class: 'is-old' }, value(before))]
  if (Array.isArray(before) && Array.isArray(after)) return listCells(before, after)
  return [el('td', { class: 'is-old' }, value(before)), el('td', { class: 'is-new' }, value(after))]
}

function driftOf({ reason }: Field): HTMLElement | undefined {
  return reason === 'drift' || reason === 'both' ? el('span', { class: 'badge drift' }, 'drift') : undefined
}

/** Two lists: what goes on the left, what comes on the right, and how many stay. */
function listCells(before: readonly unknown[], after: readonly unknown[]): HTMLElement[] {
  const [old, fresh] = [before.map(plain), after.map(plain)]
  const [was, will] = [new Set(old), new Set(fresh)]
  const gone = old.filter((item) => !will.has(item))
  const come = fresh.filter((item) => !was.has(item))
  const stay = old.length - gone.length
  const cell = (name: string, items: readonly string[], word: string) =>
    el(
      'td',
      { class: name },
      items.length === 0
        ? el('span', { class: 'quiet' }, word)
        : el('ul', { class: 'items' }, ...items.map((item) => el('li', {}, el('code', {}, item)))),
    )
  const kept = stay === 0 ? undefined : el('div', { class: 'quiet' }, `${stay} ${stay === 1 ? 'stays' : 'stay'}`)
  const right = cell('is-new', come, 'nothing added')
  if (kept !== undefined) right.append(kept)
  return [cell('is-old', gone, 'nothing removed'), right]
}

function value(found: unknown): HTMLElement {
  if (found === null || found === undefined) return el('span', { class: 'quiet' }, '(none)')
  if (Array.isArray(found))
    return el('ul', { class: 'items' }, ...found.map((item) => el('li', {}, el('code', {}, plain(item)))))
  return el('code', {}, plain(found))
}

function plain(found: unknown): string {
  return typeof found === 'string' ? found : (JSON.stringify(found) ?? '')
}

function longField(action: ChangeDocument['action'], { path, before, after }: Field): HTMLElement {
  const [old, fresh] = [text(before), text(after)]
  const diff = () => textDiff(old, fresh)
  const pages = [
    ...(action !== 'create' && isMarkup(path, before) ? [{ label: 'Before', markup: before }] : []),
    ...(action !== 'delete' && isMarkup(path, after) ? [{ label: 'After', markup: after }] : []),
  ]
  const shown = pages.length === 0 ? diff() : withPreview(path, diff, pages)
  return el('section', { class: 'long', 'aria-label': path }, el('h4', {}, path), shown)
}

function text(found: unknown): string | undefined {
  return found === null || found === undefined ? undefined : plain(found)
}
