import { diffArrays, diffWordsWithSpace } from 'diff'
import { el } from './element.ts'

/** Lines around a difference that are always shown. */
const AROUND = 3
/** Milliseconds after which two texts are shown as wholly different. */
const PATIENCE = 1500
/** From this many characters on, words inside a line are not compared. */
const LONG_LINE = 2000

type Line =
  | { readonly as: 'same'; readonly left: number; readonly right: number; readonly text: string }
  | {
      readonly as: 'changed'
      readonly left?: number
      readonly right?: number
      readonly before?: string
      readonly after?: string
    }

/** Two texts side by side, line by line; what is the same is folded. */
export function textDiff(before: string | undefined, after: string | undefined): HTMLElement {
  const lines = lineDiff(split(before), split(after))
  const body = el('tbody')
  for (const part of folded(lines)) {
    if (part.isShown) body.append(...part.lines.map(lineRow))
    else body.append(foldRow(part.lines))
  }
  const columns = ['number', 'line', 'number', 'line'].map((name) => el('col', { class: name }))
  const heads = ['Before', 'After'].map((name) => el('th', { scope: 'col', colspan: '2' }, name))
  const table = el(
    'table',
    { class: 'diff' },
    el('colgroup', {}, ...columns),
    el('thead', {}, el('tr', {}, ...heads)),
    body,
  )
  return el('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': 'Differences' }, table)
}

function split(text: string | undefined): string[] {
  return text === undefined ? [] : text.replace(/\n$/, '').split(/\r?\n/)
}

function lineDiff(before: readonly string[], after: readonly string[]): Line[] {
  const lines: Line[] = []
  let [left, right] = [1, 1]
  let gone: readonly string[] = []
  const flush = (come: readonly string[]) => {
    for (let at = 0; at < Math.max(gone.length, come.length); at++) {
      const [old, fresh] = [gone[at], come[at]]
      lines.push({
        as: 'changed',
        ...(old === undefined ? {} : { before: old, left: left++ }),
        ...(fresh === undefined ? {} : { after: fresh, right: right++ }),
      })
    }
    gone = []
  }
  const parts = diffArrays([...before], [...after], { timeout: PATIENCE }) ?? [
    { value: [...before], removed: true, added: false },
    { value: [...after], removed: false, added: true },
  ]
  for (const part of parts) {
    if (part.removed) gone = part.value
    else if (part.added) flush(part.value)
    else {
      flush([])
      for (const text of part.value) lines.push({ as: 'same', left: left++, right: right++, text })
    }
  }
  flush([])
  return lines
}

interface Part {
  readonly isShown: boolean
  readonly lines: readonly Line[]
}

/** Runs of lines: those near a difference, and those that are folded. */
function folded(lines: readonly Line[]): Part[] {
  const isNear = lines.map(() => false)
  for (const [at, line] of lines.entries())
    if (line.as === 'changed')
      for (let near = Math.max(0, at - AROUND); near <= Math.min(lines.length - 1, at + AROUND); near++)
        isNear[near] = true
  const parts: { isShown: boolean; lines: Line[] }[] = []
  for (const [at, line] of lines.entries()) {
    const isShown = isNear[at] === true
    const last = parts.at(-1)
    if (last?.isShown === isShown) last.lines.push(line)
    else parts.push({ isShown, lines: [line] })
  }
  return parts.map((part) => (part.lines.length > 2 ? part : { ...part, isShown: true }))
}

function foldRow(lines: readonly Line[]): HTMLElement {
  const open = el('button', { type: 'button', class: 'fold' }, `${lines.length} lines are the same: show them`)
  const row = el('tr', {}, el('td', { colspan: '4' }, open))
  open.addEventListener('click', () => row.replaceWith(...lines.map(lineRow)))
  return row
}

function lineRow(line: Line): HTMLElement {
  if (line.as === 'same')
    return el(
      'tr',
      {},
      el('td', { class: 'number' }, String(line.left)),
      el('td', { class: 'line' }, line.text),
      el('td', { class: 'number' }, String(line.right)),
      el('td', { class: 'line second' }, line.text),
    )
  const { before, after, left, right } = line
  const [old, fresh] = inside(before, after)
  return el(
    'tr',
    { class: 'changed' },
    el('td', { class: before === undefined ? 'number none' : 'number is-old' }, left === undefined ? '' : String(left)),
    el('td', { class: before === undefined ? 'line none' : 'line is-old' }, ...old),
    el(
      'td',
      { class: after === undefined ? 'number none' : 'number is-new' },
      right === undefined ? '' : String(right),
    ),
    el('td', { class: after === undefined ? 'line none' : 'line is-new' }, ...fresh),
  )
}

/** The words of two lines, those that differ marked. */
function inside(
  before: string | undefined,
  after: string | undefined,
): readonly [(Node | string)[], (Node | string)[]] {
  if (before === undefined || after === undefined || before.length + after.length > LONG_LINE)
    return [before === undefined ? [] : [before], after === undefined ? [] : [after]]
  const parts = diffWordsWithSpace(before, after)
  const same = parts
    .filter((part) => !part.added && !part.removed)
    .reduce((sum, part) => sum + part.value.trim().length, 0)
  if (same * 3 < Math.min(before.length, after.length)) return [[before], [after]] // hardly anything in common
  return [
    parts.filter((part) => !part.added).map((part) => (part.removed ? el('del', {}, part.value) : part.value)),
    parts.filter((part) => !part.removed).map((part) => (part.added ? el('ins', {}, part.value) : part.value)),
  ]
}
