import { createTwoFilesPatch } from 'diff'
import { type Paint, printable } from '../terminal/paint.ts'

/** What would change in a file, as a patch that `git apply` and `patch -p1` take. */
export function patchText(name: string, before: string, after: string, color: Paint): string {
  if (before === after) return ''
  const path = name.replace(/^\/+/, '')
  const patch = createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, undefined, undefined, {
    context: 3,
    headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
  })
  return patch
    .split('\n')
    .map((line) => painted(line.endsWith('\r') ? `${printable(line.slice(0, -1))}\r` : printable(line), color))
    .join('\n')
}

function painted(line: string, color: Paint): string {
  if (line.startsWith('@@')) return color.cyan(line)
  if (line.startsWith('+')) return color.green(line)
  return line.startsWith('-') ? color.red(line) : line
}
