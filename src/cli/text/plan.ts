import type { Plan } from '../../engine/plan.ts'
import { summarise } from '../../engine/render.ts'
import { riskOf } from '../../engine/risk.ts'
import { formatScope, type Scope } from '../../model/address.ts'
import { isRecord } from '../../model/canon.ts'
import type { Change, FieldChange } from '../../model/change.ts'
import { formatPosition, type Position, type Source } from '../../model/position.ts'
import { SENSITIVE } from '../../model/secret.ts'
import type { Account } from '../../model/spec.ts'
import { type Paint, printable } from './paint.ts'
import { diffLines } from './unified.ts'

/** What a plan is rendered with. */
export interface PlanText {
  readonly color: Paint
  readonly locate: (source: Source) => Position
  readonly urlOf: (account: Account) => string
  readonly all?: boolean
  readonly seconds: number
  /** How many unmanaged objects are named before the rest is counted. */
  readonly names?: number
}

/** The sign in front of a change, in its colour. */
export function sign(action: Change['action'], color: Paint): string {
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

/** A plan as people read it: by scope, each change with its fields, what is left alone, gates, and always a verdict. */
export function planText(plan: Plan, text: PlanText): string {
  const { color } = text
  const shown = text.all === true ? plan.changes : plan.changes.filter((change) => change.action !== 'noop')
  const blocks = plan.spec.scopes.flatMap(({ scope }) => scopeBlock(plan, scope, shown, text))
  const gates = plan.gates.map((gate) => {
    const state = gate.accepted ? color.green('accepted') : color.red('stops here')
    const how = gate.accepted || gate.token === undefined ? '' : `\n     to accept it: --accept ${gate.token}`
    return `  ${color.bold(gate.number)} ${gate.code} ${state}\n     ${printable(gate.reason)}${how}`
  })
  const parts = [
    ...blocks,
    ...(gates.length === 0 ? [] : [`${color.bold('Gates')}\n${gates.join('\n')}\n`]),
    verdict(plan, text),
  ]
  return `${parts.join('\n')}\n`
}

function scopeBlock(plan: Plan, scope: Scope, shown: readonly Change[], text: PlanText): string[] {
  const { color, names = 10 } = text
  const name = formatScope(scope)
  const here = shown.filter((change) => formatScope(change.scope) === name)
  const loose = plan.unmanaged.filter((one) => formatScope(one.scope) === name)
  if (here.length === 0 && loose.length === 0) return []
  const account = plan.spec.accounts.get(scope.account)
  const where = account === undefined ? '' : color.dim(` ${account.api}, ${text.urlOf(account)}`)
  const lines = [`${color.bold(printable(name))}${where}`, '']
  for (const change of here) lines.push(...changeBlock(plan, change, text), '')
  if (loose.length > 0) {
    const more = loose.length > names ? `, and ${loose.length - names} more` : ''
    const list = loose.slice(0, names).map((one) => printable(one.address))
    lines.push(color.dim(`  not managed, left alone: ${list.join(', ')}${more}`), '')
  }
  return [lines.join('\n')]
}

function changeBlock(plan: Plan, change: Change, { color, locate }: PlanText): string[] {
  const source = change.desired === undefined ? '' : color.dim(`  ${formatPosition(locate(change.desired.source))}`)
  const risk = riskOf(change, plan.gates)
  const level = risk.level === 'high' ? color.red('  high risk') : ''
  const head = `  ${sign(change.action, color)} ${printable(change.address)}${verbOf(change, color)}${level}${source}`
  if (change.action === 'noop') return [head]
  const fields =
    change.action === 'create' ? change.fields.filter((field) => field.path !== change.kind.key) : change.fields
  const width = Math.min(28, Math.max(0, ...fields.map((field) => field.path.length)))
  return [head, ...fields.flatMap((field) => fieldLines(change, field, width, color))]
}

function verbOf(change: Change, color: Paint): string {
  if (change.action === 'update' && change.live.dormant) return color.yellow('  opened again')
  if (change.action === 'update' && change.kind.singleton === undefined && change.live.key !== change.key)
    return color.yellow(`  renamed from ${printable(change.live.key)}`)
  if (change.action !== 'delete') return ''
  return color.red(`  ${change.kind.deleteVerb ?? 'delete'}${change.desired === undefined ? ' (not in the spec)' : ''}`)
}

function fieldLines(change: Change, field: FieldChange, width: number, color: Paint): string[] {
  const name = `      ${field.path.padEnd(width)}  `
  if (field.sensitive) return [`${name}${SENSITIVE}${change.action === 'update' ? color.dim(', sent again') : ''}`]
  if (change.action === 'create') return valueLines(name, field.after, color)
  if (typeof field.before === 'string' && typeof field.after === 'string' && /\n/.test(field.before + field.after))
    return [`      ${field.path}`, ...diffLines(field.before, field.after, color).map((line) => `        ${line}`)]
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

function inline(value: unknown): string {
  if (value === null || value === undefined) return '(none)'
  if (value === SENSITIVE) return SENSITIVE
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (isRecord(value))
    return `{ ${Object.entries(value)
      .map(([name, one]) => `${name}: ${inline(one)}`)
      .join(', ')} }`
  return printable(typeof value === 'string' ? JSON.stringify(value) : String(value))
}

function verdict(plan: Plan, { color, seconds }: PlanText): string {
  const { create, update, delete: gone, noop, unmanaged, calls } = summarise(plan)
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
