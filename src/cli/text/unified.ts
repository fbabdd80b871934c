import { structuredPatch } from 'diff'
import { type Paint, printable } from '../terminal/paint.ts'

/** No more lines of one text's difference are shown. */
const MOST = 120

/** Two long texts as the lines that differ, with three lines around them; how a line ends is no difference, for the API is not told either. */
export function diffLines(before: string, after: string, color: Paint): string[] {
  const { hunks } = structuredPatch('', '', unixLines(before), unixLines(after), '', '', { context: 3 })
  const lines = hunks.flatMap((hunk) => [
    color.cyan(`@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`),
    ...hunk.lines.map((line) => {
      const safe = printable(line)
      return line.startsWith('+') ? color.green(safe) : line.startsWith('-') ? color.red(safe) : safe
    }),
  ])
  return lines.length > MOST ? [...lines.slice(0, MOST), color.dim(`… ${lines.length - MOST} more lines`)] : lines
}

function unixLines(text: string): string {
  return text.replaceAll('\r\n', '\n')
}
