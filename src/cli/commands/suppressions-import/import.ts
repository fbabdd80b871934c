import { closeSync, existsSync, openSync, writeSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { EXPORTERS, exporterOf } from '../../../engine/suppressions/exported.ts'
import { type ExportFile, type Imported, mergeExports } from '../../../engine/suppressions/merge.ts'
import { columnsOf, fileRows } from '../../../engine/suppressions/rows.ts'
import { errorCode } from '../../../model/error-code.ts'
import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { printable } from '../../terminal/paint.ts'

/** Adds what another service exported to a list. Needs no credential, and removes nothing. */
export async function importSuppressions(invocation: Invocation): Promise<number> {
  const { io, options, args } = invocation
  const files = args.map((name) => exportFile(name, invocation))
  const list = options.into === undefined ? undefined : resolve(io.cwd, options.into)
  if (list !== undefined && !/\.csv$/i.test(list)) throw new Stop('--into takes a .csv file')
  const known = list === undefined || !existsSync(list) ? undefined : reading(() => addresses(list), options.into ?? '')
  const out = writer(list, known !== undefined, invocation)
  let imported: Imported
  try {
    imported = reading(
      () => mergeExports(files, known ?? [], { keepBounces: options.keepBounces === true, write: out.write }),
      args.join(', '),
    )
  } finally {
    out.close()
  }
  invocation.tell({ isPrinted: true })
  if (options.format === 'json') io.stdout.write(`${JSON.stringify({ formatVersion: '1.0', ...imported }, null, 2)}\n`)
  else io.stderr.write(summary(imported, options.into))
  return EXIT.ok
}

function exportFile(name: string, { io, options }: Invocation): ExportFile {
  const path = resolve(io.cwd, name)
  const columns = reading(() => columnsOf(path), name)
  const chosen = EXPORTERS.find((one) => one === options.from)
  const from = chosen ?? exporterOf(columns)
  if (from !== undefined) return { path, name: basename(name), from }
  throw new Stop(`"${name}" has no column that holds addresses`, {
    hint: `its columns: ${columns.slice(0, 8).map(printable).join(', ') || 'none'}`,
  })
}

/** The addresses that a list has; without a head its first column holds them. */
function* addresses(path: string): Generator<string> {
  const [first = ''] = columnsOf(path)
  const isHead = ['address', 'email', 'emailaddress'].includes(first)
  for (const row of fileRows(path)) yield [...row.values()][0] ?? ''
  if (!isHead) yield first
}

/** Where new rows go, some hundred at a time: behind those of the list, into a new one, or to standard output. */
function writer(list: string | undefined, isThere: boolean, { io, options }: Invocation) {
  const rows: (readonly string[])[] = []
  const file = list === undefined ? undefined : reading(() => openSync(list, 'a'), options.into ?? '')
  const put = (text: string) => {
    if (file !== undefined) writeSync(file, text)
    else if (options.format !== 'json') io.stdout.write(text)
  }
  if (file === undefined || !isThere) put('address,description\n')
  const flush = () => {
    put(rows.map((row) => `${row.map(quoted).join(',')}\n`).join(''))
    rows.length = 0
  }
  return {
    write: (address: string, description: string) => {
      rows.push([address, description])
      if (rows.length >= 500) flush()
    },
    close: () => {
      flush()
      if (file !== undefined) closeSync(file)
    },
  }
}

/** A list is read by programs: an address stays as it is, whatever a spreadsheet makes of it. */
function quoted(cell: string): string {
  return /[",\r\n]|^\s|\s$|^#/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

function summary({ rows, added, known, bounced, odd }: Imported, into: string | undefined): string {
  const parts = [
    `${added} added${into === undefined ? '' : ` to ${printable(into)}`}`,
    ...(known === 0 ? [] : [`${known} were there`]),
    ...(bounced === 0 ? [] : [`${bounced} left out that only bounced (--keep-bounces)`]),
    ...(odd === 0 ? [] : [`${odd} without a valid address`]),
  ]
  return `${rows} rows read: ${parts.join(', ')}.\n`
}

function reading<T>(run: () => T, name: string): T {
  try {
    return run()
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new Stop(`"${name}" is not JSON`)
    throw new Stop(`cannot use "${name}" (${errorCode(cause, 'unknown reason')})`)
  }
}
