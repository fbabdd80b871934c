import { text as allOf } from 'node:stream/consumers'
import { kinds } from '../../../apis/index.ts'
import { format } from '../../../engine/format/format.ts'
import { findFiles, type SpecFile } from '../../../engine/yaml/files.ts'
import { append } from '../../../model/append.ts'
import type { Problem } from '../../../model/problem.ts'
import { exactText } from '../../files/read-utf8.ts'
import { replaceFile } from '../../files/write.ts'
import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { reportProblems } from '../../session/problems.ts'
import { paint, printable } from '../../terminal/paint.ts'
import { patchText } from '../../text/patch.ts'

interface Changed {
  readonly file: SpecFile
  readonly text: string
}

/** Writes files of a spec in their usual form; all of them or, where one is broken, none. Makes no call. */
export async function fmt(invocation: Invocation): Promise<number> {
  const { io, options, args } = invocation
  if (args.includes('-')) return await fmtStream(invocation)
  const { files, problems } = findFiles(args.length > 0 ? args : options.file, io.cwd)
  const found: Problem[] = [...problems]
  const changed: Changed[] = []
  for (const file of files) {
    const formatted = await format(file, kinds)
    if (!formatted.ok) append(found, formatted.problems)
    else if (formatted.text !== file.text) changed.push({ file, text: formatted.text })
  }
  if (found.length > 0) {
    reportProblems(invocation, found)
    return EXIT.failed
  }
  const marks = changed.map(({ file }) => exactText(file.path, file.name).mark)
  const color = paint(io.stdout, io.env, options.color)
  for (const [at, { file, text }] of changed.entries()) {
    if (options.diff === true) io.stdout.write(patchText(file.name, file.text, text, color))
    else io.stdout.write(`${printable(file.name)}\n`)
    if (options.check !== true && options.diff !== true) replaceFile(file.path, (marks[at] ?? '') + text)
  }
  io.stderr.write(verdict(files.length, changed.length, options.check === true || options.diff === true))
  return options.check === true && changed.length > 0 ? EXIT.failed : EXIT.ok
}

/** From standard input to standard output, for an editor. */
async function fmtStream(invocation: Invocation): Promise<number> {
  const { io, options, args } = invocation
  if (args.length > 1) throw new Stop('"-" cannot be combined with files')
  const text = (await allOf(io.stdin)).replace(/^\uFEFF/, '')
  const formatted = await format({ name: '(standard input)', path: io.cwd, root: io.cwd, text }, kinds)
  if (!formatted.ok) {
    reportProblems(invocation, formatted.problems)
    return EXIT.failed
  }
  const color = paint(io.stdout, io.env, options.color)
  if (options.diff === true) io.stdout.write(patchText('standard input', text, formatted.text, color))
  else if (options.check !== true) io.stdout.write(formatted.text)
  return options.check === true && formatted.text !== text ? EXIT.failed : EXIT.ok
}

function verdict(all: number, changed: number, onlyLooks: boolean): string {
  const files = (count: number) => `${count} ${count === 1 ? 'file' : 'files'}`
  if (changed === 0)
    return `Nothing to format: ${files(all)} ${all === 1 ? 'is' : 'are'} as ${all === 1 ? 'it' : 'they'} should be.\n`
  return onlyLooks ? `${files(changed)} would be formatted.\n` : `Formatted ${files(changed)}.\n`
}
