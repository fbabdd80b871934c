import { printable } from '../terminal/paint.ts'

/** Rows with their columns under each other; the first column is text, the others are numbers. No row is an empty text. */
export function tableText(rows: readonly (readonly string[])[], indent = '  '): string {
  const widths = (rows[0] ?? []).map((_, at) =>
    rows.reduce((most, row) => Math.max(most, printable(row[at] ?? '').length), 0),
  )
  const cell = (text: string, at: number) => {
    const width = widths[at] ?? 0
    return at === 0 ? printable(text).padEnd(width) : printable(text).padStart(width)
  }
  return rows.map((row) => `${indent}${row.map(cell).join('  ')}`.trimEnd()).join('\n')
}

const BARS = '▁▂▃▄▅▆▇█'

/** Numbers as a line of bars, the largest at full height; a zero has none of its own. */
export function sparkline(values: readonly number[]): string {
  const most = values.reduce((largest, one) => Math.max(largest, one), 0)
  return values
    .map((one) => (most === 0 ? BARS[0] : BARS[Math.min(BARS.length - 1, Math.floor((one / most) * BARS.length))]))
    .join('')
}
