import { formatScope } from '../../../model/address.ts'
import { formatPosition } from '../../../model/position.ts'
import type { ChangeDocument, PlanDocument } from '../../../model/run/plan-document.ts'
import { shownFields } from '../../text/plan.ts'
import { clip, html } from '../content/escape.ts'
import { count, namer, notesOf } from '../content/phrases.ts'
import { fieldLines } from './field-lines.ts'
import { block, code, prose } from './inline.ts'

type Action = 'create' | 'update' | 'delete'

/** One change, as short and as long as it can be told. */
interface Entry {
  readonly change: ChangeDocument
  readonly name: string
  readonly line: string
  readonly details: () => string | undefined
}

/** How the changes of one action are told. */
interface ReportSection {
  /** The heading and what has to be there. */
  text: string
  /** Changes on lines of their own that may still be told with their fields. */
  readonly lines: Entry[]
  readonly details: string[]
  /** Changes of which the name alone is told. */
  readonly names: string[]
  left: number
}

const TITLES: Readonly<Record<Action, string>> = { delete: 'To delete', update: 'To update', create: 'To create' }
const RISK = { high: 0, medium: 1, low: 2 } as const

/** The changes of a plan within a number of characters: deletes first and always, then updates, then creates, then their fields. */
export function changeSections(plan: PlanDocument, size: number): string {
  const nameOf = namer(plan)
  const found = (['delete', 'update', 'create'] as const).map((action) => ({
    action,
    entries: plan.changes
      .filter((change) => change.action === action)
      .sort((one, other) => RISK[one.risk.level] - RISK[other.risk.level])
      .map((change) => entryOf(change, nameOf(change))),
  }))
  const here = found.filter(({ entries }) => entries.length > 0)
  let left = size - here.length * 120 // a heading and "N more" for each
  const sections = here.map(({ action, entries }, at) => {
    const later = here.slice(at + 1).reduce((sum, { entries: more }) => sum + lengthOf(more.map(({ line }) => line)), 0)
    const share = action === 'delete' ? left : left - Math.min(later, left * 0.3)
    const section = action === 'delete' ? deletes(entries, share) : lines(entries, share)
    left -= sizeOf(section)
    return { action, total: entries.length, section }
  })
  for (const action of ['update', 'delete', 'create'] as const)
    for (const { section } of sections.filter((one) => one.action === action)) left -= unfold(section, left)
  return sections.map(({ action, total, section }) => rendered(action, total, section)).join('\n')
}

function entryOf(change: ChangeDocument, name: string): Entry {
  const notes = notesOf(change)
  const risk = change.risk.why.map((why) => prose(why)).join('; ')
  const source = change.source === null ? [] : [code(formatPosition(change.source))]
  const fields = change.action === 'update' ? change.fields.slice(0, 8).map(({ path }) => code(path)) : []
  const more =
    change.action === 'update' && change.fields.length > 8 ? [count(change.fields.length - 8, 'more field')] : []
  const listed = [...fields, ...more].join(', ')
  const sent = change.sent === undefined ? [] : [`${change.sent.toLocaleString('en')} sent in 7 days`]
  const told = [
    ...(listed === '' ? [] : [listed]),
    ...sent,
    ...notes.map((note) => prose(note)),
    ...(risk === '' ? [] : [risk]),
  ]
  return {
    change,
    name: code(name),
    line: `- ${[code(name), ...told, ...source].join(' · ')}\n`,
    details: () => {
      const shown = fieldLines(change)
      if (shown.length === 0) return undefined
      const about = [count(shownFields(change).length, 'field'), ...notes].map((note) => html(clip(note))).join(', ')
      const below = [...(risk === '' ? [] : [`Risk: ${risk}`]), ...source].join(' · ')
      return (
        `<details><summary><code>${html(clip(name))}</code> ${about}</summary>\n\n` +
        `${below === '' ? '' : `${below}\n\n`}${block(shown, 'diff')}\n</details>\n`
      )
    },
  }
}

/** Every delete on a line, or every delete by name, or all of them counted with the first ones. */
function deletes(entries: readonly Entry[], size: number): ReportSection {
  if (lengthOf(entries.map(({ line }) => line)) <= size) return section({ lines: [...entries] })
  if (lengthOf(entries.map(({ name }) => `${name}, `)) <= size)
    return section({ names: entries.map(({ name }) => name) })
  const groups = new Map<string, Entry[]>()
  for (const entry of entries) {
    const group = `${formatScope(entry.change)} ${entry.change.kind}`
    groups.set(group, [...(groups.get(group) ?? []), entry])
  }
  const share = Math.max(200, size / groups.size)
  let text = ''
  let told = 0
  for (const group of groups.values()) {
    const line = groupLine(group, share)
    if (text.length + line.length > size) break
    text += line
    told += group.length
  }
  return section({ text, left: entries.length - told })
}

function groupLine(group: readonly Entry[], size: number): string {
  const [first] = group
  if (first === undefined) return ''
  const head = `- ${count(group.length, 'object')} of ${code(first.change.kind)} in ${code(formatScope(first.change))}: `
  const names = fitting(
    group.map(({ name }) => name),
    size - head.length - 40,
  )
  const more = group.length - names.length
  return `${head}${names.join(', ')}${more === 0 ? '' : `${names.length === 0 ? '' : ', '}and ${count(more, 'other')}`}\n`
}

/** As many lines as fit, then names, then a number. */
function lines(entries: readonly Entry[], size: number): ReportSection {
  const isWhole = lengthOf(entries.map(({ line }) => line)) <= size
  const most = isWhole ? size : size * 0.6
  const shown: Entry[] = []
  let used = 0
  for (const entry of entries) {
    if (used + entry.line.length > most) break
    used += entry.line.length
    shown.push(entry)
  }
  const rest = entries.slice(shown.length).map(({ name }) => name)
  const names = fitting(rest, size - used - 60)
  return section({ lines: shown, names, left: rest.length - names.length })
}

function fitting(names: readonly string[], size: number): string[] {
  const shown: string[] = []
  let used = 0
  for (const name of names) {
    if (used + name.length + 2 > size) break
    used += name.length + 2
    shown.push(name)
  }
  return shown
}

/** Tells as many changes with their fields as fit; answers how many characters that took. */
function unfold(section: ReportSection, left: number): number {
  let used = 0
  const folded = section.lines.splice(0)
  for (const entry of folded) {
    const details = entry.details()
    const more = details === undefined ? 0 : details.length - entry.line.length
    if (details === undefined || used + more > left) section.lines.push(entry)
    else {
      section.details.push(details)
      used += more
    }
  }
  return used
}

function rendered(action: Action, total: number, { text, details, lines: shown, names, left }: ReportSection): string {
  const list = shown.map(({ line }) => line).join('')
  const isLong = shown.length > 40 && action !== 'delete'
  const parts = [
    details.join(''),
    isLong ? `<details><summary>${count(shown.length, 'object')}</summary>\n\n${list}\n</details>\n` : list,
    text,
    names.length === 0 ? '' : `${shown.length + details.length === 0 ? '' : 'Also '}${names.join(', ')}\n`,
    left === 0 ? '' : `and ${left.toLocaleString('en-US')} more, see the full plan\n`,
  ]
  return `#### ${TITLES[action]} (${total.toLocaleString('en-US')})\n\n${parts.filter((part) => part !== '').join('\n')}`
}

function section(parts: Partial<ReportSection>): ReportSection {
  return { text: '', lines: [], details: [], names: [], left: 0, ...parts }
}

function sizeOf({ text, lines: shown, names }: ReportSection): number {
  return text.length + lengthOf(shown.map(({ line }) => line)) + lengthOf(names.map((name) => `${name}, `))
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0)
}
