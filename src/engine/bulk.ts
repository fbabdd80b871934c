import { canonicalKey, isRecord } from '../model/canon.ts'
import { parseJson } from '../model/json.ts'
import { fieldOf } from '../model/kind.ts'
import type { Problem } from '../model/problem.ts'
import { readInside } from '../model/text-file.ts'
import type { Entry } from './overlay.ts'
import { step } from './resolve.ts'

/** At most this many faulty lines of a list are named; the rest is counted. */
const MAX_PROBLEMS = 20

/** The entries of a list file: one for each line, in the place of the entry that names the file. */
export function readBulk(entry: Entry, name: string, problems: Problem[]): Entry[] {
  const { file } = entry.document
  const read = readInside(file, name)
  const source = step(entry.source, 'file')
  if (!read.ok) {
    problems.push({ code: read.code, message: read.message, source })
    return []
  }
  const parseLine = lineParser(name)
  if (parseLine === undefined) {
    problems.push({
      code: 'BAD_VALUE',
      message: `"${name}" is no list that can be read`,
      hint: 'lists end in .csv, .txt or .ndjson',
      source,
    })
    return []
  }
  const key = fieldOf(entry.kind, entry.kind.key)
  const entries: Entry[] = []
  let faults = 0
  read.text.split('\n').forEach((raw, at) => {
    const line = raw.trim()
    if (line === '' || line.startsWith('#') || (at === 0 && /^"?address"?(,|$)/i.test(line))) return
    const values = parseLine(line)
    const address = values?.['address']
    const one = address === undefined ? undefined : canonicalKey(key, address)
    if (values === undefined || one === undefined || !/^([^@\s]+@)?[^@\s/]+\.[^@\s/]+$/.test(one)) {
      faults += 1
      if (faults <= MAX_PROBLEMS)
        problems.push({
          code: 'BAD_LINE',
          message: `this line holds no ${entry.kind.key}`,
          at: { file: name, line: at + 1, column: 1 },
        })
      return
    }
    entries.push({ ...entry, key: one, values })
  })
  if (faults > MAX_PROBLEMS)
    problems.push({ code: 'BAD_LINE', message: `and ${faults - MAX_PROBLEMS} more lines of "${name}"`, source })
  return entries
}

function lineParser(name: string): ((line: string) => Record<string, string> | undefined) | undefined {
  if (name.endsWith('.csv')) return csvLine
  if (name.endsWith('.txt')) return (line) => ({ address: line })
  if (name.endsWith('.ndjson')) return jsonLine
  return undefined
}

/** `address[,description]`; either may stand in quotes, with `""` for a quote inside. */
function csvLine(line: string): Record<string, string> | undefined {
  const cells: string[] = []
  for (const found of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))(?=,|$)/g))
    cells.push((found[1]?.replaceAll('""', '"') ?? found[2] ?? '').trim())
  const [address = '', ...rest] = cells
  const description = rest.join(', ')
  return address === '' ? undefined : description === '' ? { address } : { address, description }
}

function jsonLine(line: string): Record<string, string> | undefined {
  let value: unknown
  try {
    value = parseJson(line)
  } catch {
    return undefined
  }
  if (typeof value === 'string') return { address: value }
  if (!isRecord(value) || typeof value['address'] !== 'string') return undefined
  const { address, description } = value
  return typeof description === 'string' ? { address, description } : { address }
}
