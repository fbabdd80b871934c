import { qualify } from '../../model/address.ts'
import type { Result } from '../../model/run/result.ts'
import { type Paint, printable } from '../terminal/paint.ts'
import { sign } from './plan.ts'

const WORDS = { done: 'done', failed: 'failed', skipped: 'not tried', unknown: 'unknown' } as const

/** One line for a change that ended, with its error under it. */
export function resultText({ change, outcome, error, note }: Result, color: Paint): string {
  const word = WORDS[outcome].padEnd(9)
  const painted = outcome === 'done' ? color.green(word) : outcome === 'skipped' ? color.yellow(word) : color.red(word)
  const line = `${painted} ${sign(change.action, color)} ${printable(qualify(change.scope, change.address))}`
  const about = note === undefined ? '' : color.dim(`  ${printable(note)}`)
  const cause = error === undefined ? '' : `\n            ${printable(error.message)}`
  const hint = error?.hint === undefined ? '' : `\n            ${color.cyan(printable(error.hint))}`
  return `${line}${about}${cause}${hint}\n`
}

/** The last line of an apply: what was done, what failed, what was not tried, what is not known. */
export function reportVerdict(results: readonly Result[], color: Paint, interrupted: boolean): string {
  const count = (outcome: Result['outcome']) => results.filter((result) => result.outcome === outcome).length
  const [done, failed, skipped, unknown] = [count('done'), count('failed'), count('skipped'), count('unknown')]
  if (done === results.length)
    return `${color.green('Applied.')} ${done} ${done === 1 ? 'change' : 'changes'} done${interrupted ? '' : ' and read back'}.\n`
  const part = results.filter(({ applied }) => applied !== undefined).length
  const parts = [
    `${done} done`,
    `${failed} failed${part === 0 ? '' : ` (${part} of them in part)`}`,
    `${skipped} not tried`,
    `${unknown} unknown`,
  ]
  const made = results.filter(({ error }) => error?.code === 'CHANGED_TOO').length
  const word =
    done + unknown + part + made === 0 ? 'Not applied.' : failed + skipped === 0 ? 'Not certain.' : 'Applied in part.'
  return `${color.red(word)} ${parts.join(', ')}. Run plan to see what is left.\n`
}
