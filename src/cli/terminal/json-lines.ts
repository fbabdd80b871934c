import { stripVTControlCharacters } from 'node:util'
import type { LogEntry, Output } from '../invocation/io.ts'

/** Whether a command line asks for JSON on standard error; asked before it is read, for a slip in it is told there too. */
export function wantsJsonLines(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  const given = (end === -1 ? argv : argv.slice(0, end)).flatMap((word, at) => {
    if (word === '--log-format') return [argv[at + 1] ?? '']
    return word.startsWith('--log-format=') ? [word.slice('--log-format='.length)] : []
  })
  return given.at(-1) === 'json'
}

/** An output on which every line is a JSON object, whatever is written: text becomes the `msg` of one. */
export function jsonLines(output: Output, now: () => Date): Output {
  const record = ({ level, msg, ...about }: LogEntry) => {
    output.write(`${JSON.stringify({ time: now().toISOString(), level, msg, ...about })}\n`)
  }
  return {
    record,
    write(text) {
      const msg = stripVTControlCharacters(text).replace(/^\s*\n|\s+$/g, '')
      if (msg !== '') record({ level: levelOf(msg), msg })
    },
  }
}

function levelOf(msg: string): LogEntry['level'] {
  if (/^(error:|This is a bug)/.test(msg)) return 'error'
  return /^warning:/.test(msg) ? 'warn' : 'info'
}
