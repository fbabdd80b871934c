import type { MergedItem, MergeResult } from '../../engine/merge/merge.ts'
import { qualify } from '../../model/address.ts'
import { defined } from '../../model/json.ts'
import { formatPosition } from '../../model/position.ts'
import { type Paint, printable } from '../terminal/paint.ts'

/** No value is shown longer. */
const LONGEST = 60

/** What became of each difference: one line for each, with its place in the file as it is now. */
export function mergeText({ items }: MergeResult, hasScopes: boolean, color: Paint): string {
  return items.map((item) => `${line(item, hasScopes, color)}\n`).join('')
}

function line(item: MergedItem, hasScopes: boolean, color: Paint): string {
  const { outcome, scope, address, field, why, at } = item
  const name = `${hasScopes ? qualify(scope, address) : address}${field === undefined ? '' : `.${field}`}`
  const word = outcome.padEnd(9)
  const good = outcome === 'updated' || outcome === 'added'
  const painted = good ? color.green(word) : outcome === 'conflict' ? color.red(word) : color.yellow(word)
  const about = [valuesOf(item), why].filter((part) => part !== undefined && part !== '').join('; ')
  return `${painted} ${printable(formatPosition(at))} ${printable(name)}${about === '' ? '' : `: ${printable(about)}`}`
}

function valuesOf({ outcome, field, before, after }: MergedItem): string | undefined {
  if (field === undefined) return undefined
  return outcome === 'updated' ? `${shown(before)} → ${shown(after)}` : `${shown(before)} here, ${shown(after)} live`
}

function shown(value: unknown): string {
  const text = value === undefined || value === null ? 'nothing' : JSON.stringify(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

/** The last line: what was written, and what was not. */
export function mergeVerdict(merged: MergeResult, name: string, texts: readonly string[], color: Paint): string {
  const count = (outcome: MergedItem['outcome']) => merged.items.filter((item) => item.outcome === outcome).length
  const parts = [
    ...(['updated', 'added'] as const).map((outcome) => [count(outcome), outcome] as const),
    [merged.kept, 'as they are'] as const,
    [count('conflict'), count('conflict') === 1 ? 'conflict' : 'conflicts'] as const,
    [count('gone'), 'gone'] as const,
    [count('elsewhere'), 'elsewhere'] as const,
  ]
  const text = parts.flatMap(([number, word]) => (number === 0 ? [] : [`${number} ${word}`])).join(', ')
  const written = [...(merged.isChanged ? [name] : []), ...texts].map(printable)
  const verdict =
    written.length === 0 ? `Nothing to write in ${printable(name)}` : color.green(`Wrote ${written.join(' and ')}`)
  return `${verdict}${text === '' ? '' : `: ${text}`}.\n`
}

/** The report for scripts. */
export function mergeJson(merged: MergeResult, file: string): unknown {
  return {
    formatVersion: '1.0',
    file,
    changed: merged.isChanged,
    kept: merged.kept,
    items: merged.items.map(({ outcome, scope, address, field, before, after, why, at }) => ({
      outcome,
      address,
      account: scope.account,
      subaccount: scope.subaccount,
      ...(field === undefined ? {} : { field, before: before ?? null, after: after ?? null }),
      ...defined({ why }),
      at,
    })),
  }
}
