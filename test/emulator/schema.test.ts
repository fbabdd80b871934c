import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isObject, type Json, type JsonObject, parseJson } from '../../src/emulator/input/json.ts'
import { domains } from './fixtures/domains.ts'
import { lists } from './fixtures/lists.ts'
import { objects } from './fixtures/objects.ts'
import { senders } from './fixtures/senders.ts'
import { statistics } from './fixtures/statistics.ts'
import { traffic } from './fixtures/traffic.ts'
import { bench } from './harness.ts'

// What each operation answers, against the names and types of the vendor's description. Where the two differ, the page of the emulator has
// to say why; it may neither lack a difference nor name one that is not there.

const PAGE = readFileSync(new URL('../../docs/emulator.md', import.meta.url), 'utf8')
const SCHEMA = schemaOf(readFileSync(new URL('fixtures/vendor-schema.json', import.meta.url), 'utf8'))
const examples = [...senders, ...domains, ...lists, ...objects, ...statistics, ...traffic]

/**
 * An answer in the vendor's description. `envelope`: how it stands there: `usual` (`{request_id, data}`), `items` (each item in an envelope of
 * its own), `inner` (`request_id` within the data), `bare` (the data alone), `nothing` (no data are described).
 */
interface Described {
  readonly envelope: string
  /** A type (`?`: or null), one item of a list, or fields (`name?` may be missing). */
  readonly data: Json
}

function schemaOf(text: string): ReadonlyMap<string, Described> {
  const json = parseJson(text)
  return new Map(
    Object.entries(isObject(json) ? json : {}).flatMap(([call, one]) =>
      isObject(one) ? [[call, { envelope: String(one['envelope']), data: one['data'] ?? null }]] : [],
    ),
  )
}

test('answers have the names and types of the vendor, and the page of the emulator says where not', async () => {
  const found = new Map<string, Set<string>>()
  const fields = { described: 0, answered: 0 }
  const asked = new Set<string>()
  for (const example of examples) {
    const described = SCHEMA.get(example.call)
    if (described === undefined) continue // in the seed alone
    asked.add(example.call)
    const { envelope, data } = described
    const told = envelope === 'usual' || envelope === 'nothing' ? [] : [`envelope: ${envelope}`]
    const answer = await answerOf(example)
    for (const one of [...told, ...differences(data, answer, 'data', fields)])
      found.set(one, (found.get(one) ?? new Set()).add(example.call))
  }
  const rows = [...found].map(([what, calls]) => `| \`${what}\` | ${[...calls].sort().join(', ')} |`).sort()
  expect({ missing: rows.filter((row) => !PAGE.includes(row)) }).toEqual({ missing: [] })
  expect(stated().filter((row) => !rows.includes(row))).toEqual([])
  expect([...SCHEMA.keys()].filter((call) => !asked.has(call))).toEqual([])
  const counts = `${SCHEMA.size} operations; ${fields.answered} of ${fields.described} fields answered, ${rows.length} differences`
  expect(PAGE).toContain(counts)
})

test('a difference is noticed', () => {
  const fields = { described: 0, answered: 0 }
  const shape = { a: 'string', b: ['integer'], 'c?': 'boolean' }
  expect([...differences(shape, { a: 1, b: ['x'], d: true }, 'data', fields)]).toEqual([
    'data.d: not described',
    'data.a: number for string',
    'data.b[]: string for integer',
  ])
})

/** Rows of the page without their reasons, which may not be empty. */
function stated(): string[] {
  const section = PAGE.slice(PAGE.indexOf("## The vendor's schema")).split('\n## ')[0] ?? ''
  return section.split('\n').flatMap((line) => {
    const row = /^(\| `[^`]+` \| [^|]+ \|) (\S.*) \|$/.exec(line)
    return row?.[1] === undefined ? [] : [row[1]]
  })
}

const keys = [
  { api_key: 'api-M4ster00000000000000000000000000', endpoints: ['*'] },
  { api_key: 'api-Q7w8Q7w8Q7w8Q7w8Q7w8Q7w8Q7w8Q7w8' },
]
const subaccounts = [{ id: 'sub001', name: 'Sub', email: 'sub@shop.example' }]

async function answerOf({ call, first = [], scope = {}, send }: (typeof examples)[number]): Promise<Json> {
  const seed = { smtp2go: { keys, scopes: { '': scope }, subaccounts } }
  await using emulator = await bench({ seed, settings: { liveExtras: false } })
  for (const [path, body] of first) await emulator.post(path, body)
  const [method, path = ''] = call.split(' ')
  return (await (method === 'PATCH' ? emulator.patch(path, send) : emulator.post(path, send))).data
}

function* differences(
  shape: Json,
  value: Json | undefined,
  at: string,
  fields: { described: number; answered: number },
): Generator<string> {
  if (shape === null || shape === 'any') return
  if (typeof shape === 'string') {
    if (!isOf(shape, value)) yield `${at}: ${kindOf(value)} for ${shape}`
  } else if (Array.isArray(shape)) {
    if (!Array.isArray(value)) yield `${at}: ${kindOf(value)} for a list`
    else for (const one of value) yield* differences(shape[0] ?? null, one, `${at}[]`, fields)
  } else if (!isObject(value)) yield `${at}: ${kindOf(value)} for an object`
  else yield* inside(shape as JsonObject, value, at, fields)
}

function* inside(
  shape: JsonObject,
  value: JsonObject,
  at: string,
  fields: { described: number; answered: number },
): Generator<string> {
  const names = Object.keys(shape).map((name) => name.replace(/\?$/, ''))
  for (const name of Object.keys(value)) if (!names.includes(name)) yield `${at}.${name}: not described`
  for (const [key, inner] of Object.entries(shape)) {
    const name = key.replace(/\?$/, '')
    fields.described += 1
    if (value[name] !== undefined) {
      fields.answered += 1
      yield* differences(inner ?? null, value[name], `${at}.${name}`, fields)
    } else if (name === key) yield `${at}.${name}: not answered`
  }
}

const kindOf = (value: Json | undefined) =>
  Array.isArray(value) ? 'a list' : value === null ? 'null' : isObject(value) ? 'an object' : typeof value

function isOf(type: string, value: Json | undefined): boolean {
  if (value === null && type.endsWith('?')) return true
  const name = type.replace('?', '')
  if (name === 'integer') return Number.isInteger(value)
  return name === 'object' ? isObject(value) : typeof value === name
}
