import { append } from '../../model/append.ts'
import { formatPosition, type Position } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import { SENSITIVE } from '../../model/secret.ts'
import { hideSecretForms } from '../../model/secret-form.ts'
import { closest } from '../../model/text/closest.ts'
import { type Paint, printable } from '../terminal/paint.ts'

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
  const lines = [`${printable(place)}${code} ${isWarning ? 'warning: ' : ''}${printable(problem.message)}`]
  if (problem.at !== undefined) append(lines, frame(problem.at, lineOf, color))
  if (problem.also !== undefined) {
    const at = problem.also.at
    lines.push(`  ${problem.also.message}${at === undefined ? '' : `: ${formatPosition(at)}`}`)
    if (at !== undefined) append(lines, frame(at, lineOf, color))
  }
  if (problem.hint !== undefined) lines.push(`  ${color.cyan(printable(problem.hint))}`)
  return `${lines.join('\n')}\n`
}

function frame(at: Position, lineOf: (at: Position) => string | undefined, color: Paint): string[] {
  const line = lineOf(at)
  if (line === undefined || line.trim() === '') return []
  const number = String(at.line)
  const start = Math.max(0, at.column - 60)
  const near = line.slice(Math.max(0, start - LOOKED_AT), start + LOOKED_AT) // a line may be as long as a file
  const safe = hidesSecret(at, lineOf) ? SENSITIVE : maskSecrets(near)
  const shown = printable(
    safe.slice(Math.min(start, LOOKED_AT), Math.min(start, LOOKED_AT) + 100).replaceAll('\t', ' '),
  )
  return [
    color.dim(`  ${number} | `) + shown,
    `${color.dim(`  ${' '.repeat(number.length)} | `)}${' '.repeat(at.column - 1 - start)}${color.red('^')}`,
  ]
}

/** How much of a line is looked at on both sides of what is shown. */
const LOOKED_AT = 2000
const SECRET_NAMES = ['password', 'apiKey', 'token', 'secret', 'value', 'key', 'auth']
const LOGIN = /:\/\/([^\s/:@]{0,200}):(?!\$\{)[^\s/@]{1,200}@/g
const PAIR = /([\w.-]+)["']?\s*[:=]\s*(?=\S)/g

/** A line of the file may hold a secret that should not be there: what looks like one is not printed again. */
function maskSecrets(text: string): string {
  const line = hideSecretForms(text).replace(LOGIN, `://$1:${SENSITIVE}@`)
  for (const found of line.matchAll(PAIR)) {
    const end = found.index + found[0].length
    if (isSecretWord(found[1] ?? '') && !isReference(line.slice(end))) return `${line.slice(0, end)}${SENSITIVE}`
  }
  return line
}

/** True for a name that a secret may stand under, slips of the pen included. */
function isSecretWord(name: string): boolean {
  if (name === 'apiKeys') return false // a kind of objects
  if (/pass|pwd|secret|token|credential|api.?key/i.test(name)) return true
  const guess = closest(name, SECRET_NAMES)
  return guess !== undefined && (guess.length > 5 || guess === name.toLowerCase())
}

/** A value that says where the secret is, and not what it is; or a map or list, whose own names are looked at. */
function isReference(value: string): boolean {
  return (
    /^["']?\$\{(env|file|var|exec):[^}]*\}["']?\s*([,}\]#]|$)/.test(value) || /^(off\b|\{\s*[\w.-]+\s*:)/.test(value)
  )
}

/** True where a line belongs to a value of several lines that began under the name of a secret. */
function hidesSecret({ file, line }: Position, lineOf: (at: Position) => string | undefined): boolean {
  const depth = indentOf(lineOf({ file, line, column: 1 }) ?? '')
  for (let above = line - 1; above > 0 && above > line - 100; above--) {
    const text = lineOf({ file, line: above, column: 1 }) ?? ''
    if (text.trim() === '' || indentOf(text) > depth) continue
    const name = /^[\s-]*["']?([\w.-]+)["']?\s*:\s*(.*)$/.exec(text)
    if (name === null && indentOf(text) === depth) continue
    const isOpen = indentOf(text) < depth || /^["'](?!.*["']\s*$)/.test(name?.[2] ?? '')
    return isOpen && isSecretWord(name?.[1] ?? '') && !isReference(name?.[2] ?? '')
  }
  return false
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}
