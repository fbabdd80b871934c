import { kinds } from '../../apis/index.ts'
import { append, largest } from '../../model/append.ts'
import { isRecord } from '../../model/json.ts'
import { formatPosition } from '../../model/position.ts'
import type { ChangeDocument, PlanDocument } from '../../model/run/plan-document.ts'
import { SENSITIVE } from '../../model/secret.ts'
import { type Paint, printable } from '../terminal/paint.ts'
import { reasonText, secretWords, withReason } from './reason.ts'
import { MOST_SCOPES, type ScopePart, scopesOf, scopeTable, severe } from './scopes.ts'
import { sendingLines } from './sending.ts'
import { diffLines } from './unified.ts'

/** What a plan is rendered with. */
interface PlanText {
  readonly color: Paint
  /** Where an account really is, by its name; what the plan says if it is left out. */
  readonly urlOf?: (account: string) => string | undefined
  readonly seconds: number
  /** Every scope one by one, however many there are. */
  readonly full?: boolean
  /** How many unmanaged objects are named before the rest is counted. */
  readonly names?: number
}

type FieldDocument = ChangeDocument['fields'][number]

/** The sign in front of a change, in its colour. */
export function sign(action: ChangeDocument['action'], color: Paint): string {
  switch (action) {
    case 'create':
      return color.green('+')
    case 'update':
      return color.yellow('~')
    case 'delete':
      return color.red('-')
    case 'noop':
      return ' '
  }
}

/** The fields of a change that a reader wants to see: the key of what is new stands in its address already. */
export function shownFields(change: ChangeDocument): readonly FieldDocument[] {
  if (change.action !== 'create') return change.fields
  const key = kinds.find((kind) => kind.name === change.kind)?.key
  return change.fields.filter((field) => field.path !== key)
}

/** A plan as people read it: by scope, each change with its fields, what is left alone, gates, and always a verdict. */
export function planText(plan: PlanDocument, text: PlanText): string {
  const { color } = text
  const scopes = scopesOf(plan)
  const blocks =
    scopes.length <= MOST_SCOPES || text.full === true
      ? scopes.map((part) => scopeBlock(plan, part, text))
      : [...severeBlocks(plan, scopes, text), scopeTable(scopes, color)]
  const sending = sendingLines(plan).map(({ scope, lines }) => {
    const shown = lines.map(
      ({ sign: mark, text: one }) => `  ${mark === '+' ? color.green(mark) : color.red(mark)} ${printable(one)}`,
    )
    return `${color.bold('Who may send')} ${color.dim(printable(scope))}\n${shown.join('\n')}\n`
  })
  const gates = plan.gates.map((gate) => {
    const state = gate.accepted ? color.green('accepted') : color.red('stops here')
    const how = gate.accepted || gate.accept === null ? '' : `\n     to accept it: --accept ${printable(gate.accept)}`
    return `  ${color.bold(printable(gate.number))} ${printable(gate.code)} ${state}\n     ${printable(gate.reason)}${how}`
  })
  const parts = [
    ...blocks,
    ...sending,
    ...(gates.length === 0 ? [] : [`${color.bold('Gates')}\n${gates.join('\n')}\n`]),
    verdict(plan, text),
  ]
  return `${parts.join('\n')}\n`
}

function severeBlocks(plan: PlanDocument, scopes: readonly ScopePart[], text: PlanText): string[] {
  return scopes.flatMap((part) => {
    const changes = severe(part)
    return changes.length === 0 ? [] : [scopeBlock(plan, { ...part, changes, unmanaged: [] }, text)]
  })
}

function scopeBlock(
  plan: PlanDocument,
  { scope, account: name, changes, unmanaged }: ScopePart,
  text: PlanText,
): string {
  const { color, names = 10, urlOf } = text
  const account = plan.accounts.find((one) => one.name === name)
  const url = account === undefined ? '' : (urlOf?.(account.name) ?? account.url)
  const where = account === undefined ? '' : color.dim(` ${account.api}, ${printable(url)}`)
  const lines = [`${color.bold(printable(scope))}${where}`, '']
  const told = new Set(plan.gates.map((gate) => gate.reason))
  for (const change of changes) append(lines, changeBlock(change, color, told), [''])
  if (unmanaged.length > 0) {
    const more = unmanaged.length > names ? `, and ${unmanaged.length - names} more` : ''
    const list = unmanaged.slice(0, names).map(printable)
    lines.push(color.dim(`  not managed, left alone: ${list.join(', ')}${more}`), '')
  }
  return lines.join('\n')
}

/** The mail that goes with it, where somebody asked. */
function sentText({ sent }: ChangeDocument, color: Paint): string {
  if (sent === undefined) return ''
  const words = `${sent.toLocaleString('en')} sent in 7 days`
  return `  ${sent === 0 ? color.dim(words) : color.yellow(words)}`
}

function changeBlock(change: ChangeDocument, color: Paint, told: ReadonlySet<string>): string[] {
  const source = change.source === null ? '' : color.dim(`  ${printable(formatPosition(change.source))}`)
  const level = change.risk.level === 'high' ? color.red('  high risk') : ''
  const head = `  ${sign(change.action, color)} ${printable(change.address)}${verbOf(change, color)}${reasonText(change, color)}${level}${source}${sentText(change, color)}`
  const fields = shownFields(change)
  const width = Math.min(
    28,
    largest(
      fields.map((field) => field.path.length),
      0,
    ),
  )
  const isHigh = change.action === 'update' && change.risk.level === 'high' // a deletion and a gate say enough
  const why = isHigh ? change.risk.why.filter((reason) => !told.has(reason)) : []
  return [
    head,
    ...fields.flatMap((field) => withReason(change, field, fieldLines(change, field, width, color), color)),
    ...why.map((reason) => color.red(`      ! ${printable(reason)}`)),
  ]
}

function verbOf({ action, verb, renamedFrom, source }: ChangeDocument, color: Paint): string {
  if (action === 'delete')
    return color.red(`  ${printable(verb ?? 'delete')}${source === null ? ' (not in the spec)' : ''}`)
  if (verb === 'reopen') return color.yellow('  opened again')
  return renamedFrom === undefined ? '' : color.yellow(`  renamed from ${printable(renamedFrom)}`)
}

function fieldLines(change: ChangeDocument, field: FieldDocument, width: number, color: Paint): string[] {
  const name = `      ${printable(field.path).padEnd(width)}  `
  if (field.sensitive)
    return [`${name}${SENSITIVE}${change.action === 'update' ? color.dim(`, ${secretWords(field)}`) : ''}`]
  if (change.action === 'create') return valueLines(name, field.after, color)
  if (typeof field.before === 'string' && typeof field.after === 'string' && /\n/.test(field.before + field.after))
    return [
      `      ${printable(field.path)}`,
      ...diffLines(field.before, field.after, color).map((line) => `        ${line}`),
    ]
  if (Array.isArray(field.before) && Array.isArray(field.after))
    return listLines(name, field.before, field.after, color)
  return [`${name}${color.red(inline(field.before))} ${color.dim('→')} ${color.green(inline(field.after))}`]
}

function valueLines(name: string, value: unknown, color: Paint): string[] {
  if (typeof value !== 'string' || !value.includes('\n')) return [`${name}${inline(value)}`]
  const lines = value.replace(/\n$/, '').split('\n')
  const rest = lines.length > 8 ? [color.dim(`        … ${lines.length - 8} more lines`)] : []
  return [name.trimEnd(), ...lines.slice(0, 8).map((line) => color.green(`        + ${printable(line)}`)), ...rest]
}

function listLines(name: string, before: readonly unknown[], after: readonly unknown[], color: Paint): string[] {
  const [old, fresh] = [before.map(inline), after.map(inline)]
  const lines = [
    ...old.filter((item) => !fresh.includes(item)).map((item) => color.red(`- ${item}`)),
    ...fresh.filter((item) => !old.includes(item)).map((item) => color.green(`+ ${item}`)),
  ]
  const most = 40
  const shown = lines.length > most ? [...lines.slice(0, most), color.dim(`… ${lines.length - most} more`)] : lines
  return shown.map((line, at) => (at === 0 ? `${name}${line}` : `${' '.repeat(name.length)}${line}`))
}

/** A value on one line. */
export function inline(value: unknown): string {
  if (value === null || value === undefined) return '(none)'
  if (value === SENSITIVE) return SENSITIVE
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (isRecord(value))
    return `{ ${Object.entries(value)
      .map(([name, one]) => `${name}: ${inline(one)}`)
      .join(', ')} }`
  return printable(typeof value === 'string' ? JSON.stringify(value) : String(value))
}

function verdict(plan: PlanDocument, { color, seconds }: PlanText): string {
  const { create, update, delete: gone, noop, unmanaged, calls } = plan.summary
  const loose = unmanaged === 0 ? '' : `, ${unmanaged} not managed`
  if (create + update + gone === 0) {
    const count = noop === 1 ? '1 object is' : `${noop} objects are`
    return `${color.green('Nothing to do.')} ${count} as the spec says${loose}.`
  }
  const time =
    seconds < 1
      ? 'under a second'
      : seconds < 90
        ? `about ${Math.ceil(seconds)} s`
        : `about ${Math.ceil(seconds / 60)} min`
  const work = `${calls} ${calls === 1 ? 'call' : 'calls'}, ${time}`
  const blocked = plan.gates.filter((gate) => !gate.accepted).length
  const stop = blocked === 0 ? '' : color.red(` ${blocked} ${blocked === 1 ? 'gate stops' : 'gates stop'} it.`)
  return `${color.bold('Plan:')} ${create} to create, ${update} to update, ${gone} to delete; ${noop} unchanged${loose}. ${work}.${stop}`
}
