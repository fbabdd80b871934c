import { existsSync, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { findFiles } from '../../engine/yaml/files.ts'
import { errorCode } from '../../model/error-code.ts'
import { readText } from '../../model/files/text-file.ts'
import { defined } from '../../model/json.ts'
import { ciJobOf } from '../ci/job.ts'
import { EXIT, Stop } from '../invocation/exit.ts'
import type { Invocation } from '../invocation/invocation.ts'
import type { Telling } from '../invocation/telling.ts'
import { printedFormat } from '../options/output-format.ts'
import type { AskedReport } from '../options/report-request.ts'
import { printable } from '../terminal/paint.ts'
import type { RunRecord } from './content/record.ts'
import { FORMS } from './formats.ts'

/** Runs a command and writes the reports that are asked for, however it ends; answers its exit code. */
export async function reported(
  command: string,
  invocation: Invocation,
  telling: () => Telling,
  run: () => Promise<number>,
): Promise<number> {
  for (const asked of invocation.options.report) refusePlace(asked, invocation)
  let code: number
  try {
    code = await run()
  } catch (error) {
    write(recordOf(command, invocation, telling(), error), invocation)
    throw error
  }
  const told = telling()
  const isWritten = write(recordOf(command, invocation, told), invocation, told.isPrinted)
  return isWritten || (code !== EXIT.ok && code !== EXIT.changes) ? code : EXIT.failed
}

/** Says before any call what could not be written after it; only a report is written over. */
function refusePlace({ format, file }: AskedReport, { io }: Invocation): void {
  const path = resolve(io.cwd, file)
  if (!existsSync(dirname(path)))
    throw new Stop(`the folder of "${file}" does not exist, so the report cannot be written`)
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return
  if (found.isDirectory()) throw new Stop(`"${file}" is a folder, so the report cannot be written`)
  if (!found.isFile() || found.size === 0) return
  const read = readText(path)
  if (read.ok && FORMS[format].begins.test(read.text.slice(0, 400))) return
  throw new Stop(`"${file}" already exists and is not a ${format} report, so it is not overwritten`, {
    hint: 'choose another name for --report',
  })
}

function recordOf(command: string, { io, options }: Invocation, told: Telling, error?: unknown): RunRecord {
  const { file, account } = options
  const target = options.reportTarget ?? [...(file.length === 0 ? ['mailconfig.yaml'] : file), ...account].join(',')
  const url = options.reportUrl ?? ciJobOf(io.env).url
  const plan = told.plan?.()
  return {
    command,
    target,
    problems: told.problems ?? [],
    files: findFiles(file, io.cwd).files.map(({ name }) => name),
    strict: options.strict === true,
    ...defined({ plan, drift: told.drift, seconds: told.seconds, results: told.results, beside: told.beside, url }),
    ...(error === undefined ? {} : { error: sentenceOf(error) }),
  }
}

function sentenceOf(error: unknown): { message: string; hint?: string } {
  if (!(error instanceof Stop)) return { message: 'a bug in mailconfig; see the log of the run' }
  return { message: error.message, ...defined({ hint: error.hint }) }
}

/** Writes each report; false if one could not be written, which is said. */
function write(told: RunRecord, { io, options }: Invocation, isPrinted = false): boolean {
  const render = { size: options.maxSize }
  const printed = printedFormat(options)
  if (printed !== undefined && !isPrinted) io.stdout.write(FORMS[printed].render(told, render))
  let isWritten = true
  for (const { format, file } of options.report) {
    try {
      writeFileSync(resolve(io.cwd, file), FORMS[format].render(told, render), { mode: 0o600 })
    } catch (cause) {
      const code = errorCode(cause, 'unknown reason')
      io.stderr.write(`error: cannot write the report "${printable(file)}" (${code})\n`)
      isWritten = false
    }
  }
  return isWritten
}
