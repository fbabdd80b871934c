import { formatPosition, type Position } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import { type Paint, printable } from './paint.ts'

/** Problems as people read them: place, code and message, the line with a caret under it, and what to do. */
export function problemsText(
  problems: readonly Problem[],
  lineOf: (at: Position) => string | undefined,
  color: Paint,
): string {
  return problems.map((problem) => one(problem, lineOf, color)).join('\n')
}

function one(problem: Problem, lineOf: (at: Position) => string | undefined, color: Paint): string {
  const isWarning = problem.severity === 'warning'
  const code = isWarning ? color.yellow(problem.code) : color.red(problem.code)
  const place = problem.at === undefined ? '' : `${formatPosition(problem.at)} `
  const lines = [`${place}${code} ${isWarning ? 'warning: ' : ''}${printable(problem.message)}`]
  if (problem.at !== undefined) lines.push(...frame(problem.at, lineOf, color))
  if (problem.also !== undefined) {
    const at = problem.also.at
    lines.push(`  ${problem.also.message}${at === undefined ? '' : `: ${formatPosition(at)}`}`)
    if (at !== undefined) lines.push(...frame(at, lineOf, color))
  }
  if (problem.hint !== undefined) lines.push(`  ${color.cyan(printable(problem.hint))}`)
  return `${lines.join('\n')}\n`
}

function frame(at: Position, lineOf: (at: Position) => string | undefined, color: Paint): string[] {
  const line = lineOf(at)
  if (line === undefined || line.trim() === '') return []
  const number = String(at.line)
  const start = Math.max(0, at.column - 60)
  const shown = printable(line.slice(start, start + 100)).replaceAll('\t', ' ')
  return [
    color.dim(`  ${number} | `) + maskSecrets(shown),
    `${color.dim(`  ${' '.repeat(number.length)} | `)}${' '.repeat(at.column - 1 - start)}${color.red('^')}`,
  ]
}

/** A line of the file may hold a secret that should not be there: what looks like one is not printed again. */
function maskSecrets(line: string): string {
  return line.replace(
    /((?:password|apiKey|token|value|key)["']?\s*:\s*)(\S.*)/i,
    (whole, name: string, value: string) =>
      /^["']?\$\{[^}]*\}["']?[\s,}\]]*$|^[[{&*|>]/.test(value) ? whole : `${name}(sensitive)`,
  )
}
