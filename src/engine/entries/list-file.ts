import { readInside } from '../../model/files/text-file.ts'
import { defined, isRecord, parseJson } from '../../model/json.ts'
import { fieldOf } from '../../model/kind/kind.ts'
import { type Position, step } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import { oddities } from '../../model/text/visible.ts'
import { canonicalKey } from '../../model/value/canonical.ts'
import { csvRows } from './csv.ts'
import type { Entry } from './entry.ts'

/** At most this many faulty lines of a list are named; the rest is counted, unless all are asked for. */
const MAX_PROBLEMS = 20
/** No address is longer; what is longer is not looked at any further. */
const LONGEST = 320

/** How services call the column that holds the address, in the letters that count. */
const ADDRESS_NAMES = new Set(
  'address,addresses,email,emails,emailaddress,emailaddresses,mail,mailaddress,recipient,recipients,recipientemail,recipientaddress,rcpt,rcptto,to,toaddress,toemail,contact,contactemail,subscriber,subscriberemail,useremail,bouncedaddress,suppressedaddress,domain,sender'.split(
    ',',
  ),
)
const DESCRIPTION_NAMES = new Set(
  'description,blockdescription,reason,why,note,notes,comment,comments,details,remark'.split(','),
)

/** One line of a list that may be an entry. */
interface Row {
  readonly line: number
  readonly address?: string | undefined
  readonly description?: string | undefined
  readonly fault?: string | undefined
}

/** What is wrong with a list as a whole. */
interface Refused {
  readonly line: number
  readonly message: string
  readonly hint?: string
}

/** The entries of a list file: one for each address, in the place of the entry that names the file. */
export function readBulk(
  entry: Entry,
  name: string,
  problems: Problem[],
  { allProblems = false }: { readonly allProblems?: boolean } = {},
): Iterable<Entry> {
  const source = step(entry.source, 'file')
  const read = readInside(entry.document.file, name)
  if (!read.ok) {
    const { code, message, hint } = read
    problems.push({
      code,
      message: message.includes(name) ? message : `${message}: "${name}"`,
      source,
      ...defined({ hint }),
    })
    return []
  }
  const at = (line: number): Position => ({ file: name, line, column: 1 })
  const rows = rowsOf(name, read.text, wordOf(entry, 'column'), wordOf(entry, 'descriptionColumn'))
  if (rows === undefined) {
    const hint = 'lists end in .csv, .tsv, .txt or .ndjson'
    problems.push({ code: 'BAD_VALUE', message: `"${name}" does not show the format of the list`, hint, source })
    return []
  }
  if ('message' in rows) {
    const { line, message, hint } = rows
    problems.push({ code: 'BAD_LINE', message, at: at(line), ...defined({ hint }) })
    return []
  }
  return entriesOf(entry, name, rows, problems, allProblems ? Number.POSITIVE_INFINITY : MAX_PROBLEMS)
}

/** One by one, for a list may have a million lines: what is wrong is said as they are read. */
function* entriesOf(
  entry: Entry,
  name: string,
  rows: Iterable<Row>,
  problems: Problem[],
  most: number,
): Generator<Entry> {
  const key = fieldOf(entry.kind, entry.kind.key)
  const first = new Map<string, number>()
  let faults = 0
  let repeated = 0
  let again: readonly [number, number] | undefined
  const at = (line: number): Position => ({ file: name, line, column: 1 })
  for (const { line, address, description, fault } of rows) {
    const one = fault === undefined && address !== undefined ? addressIn(key, address) : undefined
    if (one === undefined) {
      faults += 1
      if (faults <= most) problems.push({ code: 'BAD_LINE', ...whyNot(entry, address, fault), at: at(line) })
      continue
    }
    const before = first.get(one)
    if (before !== undefined) {
      repeated += 1
      again ??= [line, before]
      continue
    }
    first.set(one, line)
    const values = description === undefined || description === '' ? { address: one } : { address: one, description }
    yield { ...entry, key: one, values, source: { ...entry.source, at: at(line) } }
  }
  if (faults > most)
    problems.push({
      code: 'BAD_LINE',
      message: `and ${faults - most} more lines of "${name}"`,
      hint: '"--all-problems" shows them',
      at: at(1),
    })
  if (again !== undefined)
    problems.push({
      code: 'REPEATED_LINE',
      severity: 'warning',
      message: `${repeated} ${repeated === 1 ? 'line repeats' : 'lines repeat'} an address of the same list; repetitions are ignored`,
      at: at(again[0]),
      also: { message: 'first here', at: at(again[1]) },
    })
}

function addressIn(key: Parameters<typeof canonicalKey>[0], address: string): string | undefined {
  if (address.length > LONGEST || oddities(address) !== undefined) return undefined
  const one = canonicalKey(key, address)
  return /^([^@\s]+@)?[^@\s/]+\.[^@\s/]+$/.test(one) &&
    canonicalKey(key, one) === one &&
    !/^[@*.]/.test(one) &&
    isFormatted(one)
    ? one
    : undefined
}

function isFormatted(text: string): boolean {
  return !/[*#?\\\s]|\.\d+$/.test(text)
}

function whyNot(
  entry: Entry,
  address: string | undefined,
  fault: string | undefined,
): Pick<Problem, 'message' | 'hint'> {
  if (fault !== undefined)
    return {
      message: `this line cannot be read: ${fault}`,
      ...(fault.includes('quote') ? { hint: 'a quote inside quotes is written twice' } : {}),
    }
  if (address === undefined || address === '') return { message: `this line has no ${entry.kind.key}` }
  const odd = oddities(address)
  if (odd !== undefined)
    return {
      message: `this ${entry.kind.key} contains ${odd}`,
      hint: 'it may have been copied along: retype it',
    }
  const shown = address.length > 60 ? `${address.slice(0, 60)}…` : address
  const message = `"${shown}" is not an e-mail address or a domain`
  if (/^[*@]/.test(address))
    return { message, hint: `for a whole domain, write only its name: ${address.replace(/^[*.@]+/, '')}` }
  return { message }
}

function wordOf({ values }: Entry, word: string): string | undefined {
  const value = values[word]
  return typeof value === 'string' ? value : undefined
}

function rowsOf(
  name: string,
  text: string,
  column: string | undefined,
  description: string | undefined,
): Iterable<Row> | Refused | undefined {
  if (/\.csv$/i.test(name)) return tableRows(text, ',', column, description)
  if (/\.tsv$/i.test(name)) return tableRows(text, '\t', column, description)
  if (/\.(ndjson|jsonl)$/i.test(name)) return jsonRows(text, column ?? 'address', description ?? 'description')
  return /\.txt$/i.test(name) ? textRows(text) : undefined
}

function* textRows(text: string): Generator<Row> {
  for (const { line, value } of linesOf(text))
    if (!/^"?(e-?mail )?address"?$/i.test(value) || line > 1) yield { line, address: value }
}

function* jsonRows(text: string, column: string, description: string): Generator<Row> {
  for (const { line, value } of linesOf(text)) yield { line, ...jsonRow(value, column, description) }
}

function jsonRow(line: string, column: string, description: string): Omit<Row, 'line'> {
  let value: unknown
  try {
    value = parseJson(line)
  } catch {
    return { fault: 'it is not JSON' }
  }
  if (typeof value === 'string') return { address: value }
  if (!isRecord(value)) return { fault: 'it is neither a text nor an object' }
  const name = Object.hasOwn(value, column)
    ? column
    : Object.keys(value).find((one) => ADDRESS_NAMES.has(lettersOf(one)))
  const [address, why] = [name === undefined ? undefined : value[name], value[description]]
  return {
    address: typeof address === 'string' ? address : undefined,
    description: typeof why === 'string' ? why : undefined,
  }
}

/** Lines with something in them, without comments. */
function* linesOf(text: string): Generator<{ readonly line: number; readonly value: string }> {
  let at = 0
  for (let line = 1; at <= text.length; line++) {
    const end = text.indexOf('\n', at)
    const value = text.slice(at, end < 0 ? text.length : end).trim()
    if (value !== '' && !value.startsWith('#')) yield { line, value }
    if (end < 0) return
    at = end + 1
  }
}

/** A table: its columns are found by their names, or by `column:`; without a heading the first is the address. */
function tableRows(
  text: string,
  separator: ',' | '\t',
  column: string | undefined,
  description: string | undefined,
): Iterable<Row> | Refused {
  const [head] = csvRows(text, separator)
  if (head === undefined) return []
  const other = [';', '\t', '|'].find(
    (one) => one !== separator && head.cells.length === 1 && head.cells[0]?.includes(one),
  )
  if (other !== undefined) return separated(text, head.line, other, separator)
  const columns = columnsOf(head.cells, column, description)
  if ('message' in columns) return { line: head.line, ...columns }
  return picked(text, separator, columns, columns.hasHeading ? head.line : 0)
}

function separated(text: string, line: number, other: string, separator: string): Refused {
  let count = 0
  for (const { value } of linesOf(text)) if (value.includes(other)) count += 1
  const word = { ';': 'semicolons', '\t': 'tabs', '|': 'bars' }[other] ?? other
  return {
    line,
    message: `${count} ${count === 1 ? 'line separates its' : 'lines separate their'} cells with ${word}, and this list is read with ${separator === ',' ? 'commas' : 'tabs'}`,
    hint: other === '\t' ? 'name the file .tsv, or export it with commas' : 'export it with commas, as .csv means',
  }
}

interface Columns {
  readonly hasHeading: boolean
  readonly address: number
  /** Undefined: none. `rest`: all that follows. */
  readonly description: number | 'rest' | undefined
}

function columnsOf(
  cells: readonly string[],
  column: string | undefined,
  description: string | undefined,
): Columns | Omit<Refused, 'line'> {
  const seen = `the columns are ${cells
    .slice(0, 20)
    .map((cell) => `"${cell.slice(0, 40)}"`)
    .join(', ')}`
  const find = (word: string) => cells.findIndex((cell) => cell.toLowerCase() === word.trim().toLowerCase())
  for (const word of [column, description])
    if (word !== undefined && find(word) < 0) return { message: `no column is called "${word}": ${seen}` }
  const why =
    description === undefined ? cells.findIndex((cell) => DESCRIPTION_NAMES.has(lettersOf(cell))) : find(description)
  const to = why < 0 ? undefined : why
  if (column !== undefined) return { hasHeading: true, address: find(column), description: to }
  const known = cells.flatMap((cell, at) => (ADDRESS_NAMES.has(lettersOf(cell)) ? [at] : []))
  const [first, second] = known
  if (first !== undefined && second !== undefined && !isBest(cells[first] ?? ''))
    return { message: `more than one column may hold the address: ${seen}`, hint: 'name it with column:' }
  if (first !== undefined) return { hasHeading: true, address: first, description: to }
  const isData =
    cells.some((cell) => cell.includes('@')) || /^[^\s@]+\.[^\s@]*[a-z]$/i.test(cells[0] ?? '') || cells.length === 1
  if (!isData) return { message: `no column is known to hold the address: ${seen}`, hint: 'name it with column:' }
  if (cells.length > 1 && cells.findIndex((cell) => cell.includes('@')) > 0)
    return {
      message: 'the address is not in the first column, and no heading says where it is',
      hint: 'give the list a heading, and say the name of the column with column:',
    }
  return { hasHeading: false, address: 0, description: 'rest' }
}

/** A name that says the address of the recipient, whatever the other columns are called. */
function isBest(cell: string): boolean {
  return /^(e?mail)?address$|^email$|^recipient$/.test(lettersOf(cell))
}

function* picked(text: string, separator: string, { address, description }: Columns, heading: number): Generator<Row> {
  for (const { line, cells, fault } of csvRows(text, separator)) {
    if (line === heading) continue
    const why =
      description === 'rest' ? cells.slice(1).join(', ') : description === undefined ? undefined : cells[description]
    yield { line, address: cells[address], description: why, fault }
  }
}

/** A name in the letters that count: `E-Mail Address` is `emailaddress`. */
function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}
