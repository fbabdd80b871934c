import { styleText } from 'node:util'
import type { Output } from '../invocation/io.ts'

type Style = Parameters<typeof styleText>[0]

/** Colours that are there on a terminal and nowhere else. */
export interface Paint {
  readonly red: (text: string) => string
  readonly green: (text: string) => string
  readonly yellow: (text: string) => string
  readonly cyan: (text: string) => string
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
}

/** Colours for a stream; none where NO_COLOR is set, FORCE_COLOR sets them. */
export function paint(stream: Output, env: Readonly<Record<string, string | undefined>>, wanted = true): Paint {
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0'
  const refused = !wanted || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb'
  const on = !refused && (forced || stream.isTTY === true)
  const style = (name: Style) => (text: string) => (on ? styleText(name, text, { validateStream: false }) : text) // it was decided above, for this stream
  return {
    red: style('red'),
    green: style('green'),
    yellow: style('yellow'),
    cyan: style('cyan'),
    bold: style('bold'),
    dim: style('dim'),
  }
}

/** A text from outside, safe to print on one line: control characters, which could move a cursor, hide a line or begin one, are shown as codes. */
export function printable(text: string): string {
  const visible = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, escaped)
  // A CI service takes a line that begins so, with or without blanks in front, for a command.
  return visible.replace(
    /^(\s*)(?=::[A-Za-z_-]+(?: .*)?::|##\[)./,
    (start) => start.slice(0, -1) + escaped(start.slice(-1)),
  )
}

function escaped(char: string): string {
  return `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
}

/** A text of ours of several lines, each safe to print. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n')
}
