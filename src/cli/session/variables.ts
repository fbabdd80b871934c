import { resolve } from 'node:path'
import { textsOfVars } from '../../engine/documents/variables.ts'
import { parseOnly } from '../../engine/yaml/parse.ts'
import { readText } from '../../model/files/text-file.ts'
import { isRecord } from '../../model/json.ts'
import type { Problem } from '../../model/problem.ts'
import { Stop } from '../invocation/exit.ts'
import type { Io } from '../invocation/io.ts'
import type { Options } from '../options/vocabulary.ts'

/** The environment of a run: its own, over the files of `--env-file`, of which a later one counts before an earlier one. */
export function environmentOf(io: Io, options: Options): Io['env'] {
  if (options.envFile.length === 0) return io.env
  const found: Record<string, string | undefined> = {}
  for (const file of options.envFile) Object.assign(found, variablesIn(textOf(io, file, '--env-file'), file))
  for (const [name, value] of Object.entries(io.env)) if (value !== undefined) found[name] = value
  return found
}

/** The variables of a command line: those of `--var-file`, then those of `--var`. */
export async function variables(io: Io, options: Options): Promise<Record<string, string>> {
  const vars: Record<string, string> = {}
  for (const file of options.varFile) Object.assign(vars, await variableFile(io, file))
  for (const pair of options.var) {
    const at = pair.indexOf('=')
    if (at < 1) throw new Stop(`"--var ${pair}" is not of the form NAME=VALUE`)
    vars[pair.slice(0, at)] = pair.slice(at + 1)
  }
  return vars
}

function textOf(io: Io, file: string, option: string): string {
  const read = readText(resolve(io.cwd, file))
  if (read.ok) return read.text
  throw new Stop(
    `cannot read the file "${file}" of ${option}: ${read.message}`,
    read.hint === undefined ? {} : { hint: read.hint },
  )
}

/** A file of values: a YAML or JSON map of names to texts, numbers or truths, each taken as it is written. */
async function variableFile(io: Io, file: string): Promise<Readonly<Record<string, string>>> {
  const text = textOf(io, file, '--var-file')
  const broken = (why: string) => new Stop(`the file "${file}" of --var-file ${why}`)
  let values: unknown
  try {
    values = parseOnly(text) ?? {}
  } catch (cause) {
    throw broken(cause instanceof RangeError ? cause.message : 'is not YAML')
  }
  if (!isRecord(values)) throw broken('is not a map of names to values')
  const problems: Problem[] = []
  const vars = await textsOfVars({ text }, 0, values, { file, document: 0, path: ['vars'] }, problems)
  const [first] = problems
  if (first !== undefined)
    throw new Stop(
      `"${String(first.source?.path.at(-1))}" in the file "${file}" is not a text, a number, true or false`,
    )
  return vars
}

/** Lines of `NAME=value` as shells and tools read them: `export` in front, quotes, comments; nothing is run or replaced. */
function variablesIn(text: string, file: string): Record<string, string> {
  const found: Record<string, string> = {}
  const line =
    /^[^\S\n]*(?:export[^\S\n]+)?([A-Za-z_][A-Za-z0-9_]*)[^\S\n]*=[^\S\n]*(?:"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|([^\n]*?))[^\S\n]*(?:#[^\n]*)?(?:\n|$)|^[^\S\n]*(?:#[^\n]*)?(?:\n|$)/y
  const plain = text.replaceAll('\r\n', '\n')
  while (line.lastIndex < plain.length) {
    const at = line.lastIndex
    const match = line.exec(plain)
    if (match === null) {
      const number = plain.slice(0, at).split('\n').length
      throw new Stop(`line ${number} of "${file}" is not NAME=value`, {
        hint: 'an env file has one variable per line',
      })
    }
    const [, name, double, single, bare = ''] = match
    if (name === undefined) continue
    found[name] = double === undefined ? (single ?? bare.replace(/\s+#.*$/, '')) : unescaped(double)
  }
  return found
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/g, (_, one: string) => ESCAPES[one] ?? one)
}
