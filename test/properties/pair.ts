import fc from 'fast-check'
import { loadAll } from 'js-yaml'
import { expect } from 'vitest'
import { kinds } from '../../src/apis/index.ts'
import { isRecord } from '../../src/model/json.ts'
import type { World } from '../apis/kinds/world.ts'
import { account, clicked, provider, put, rows } from '../engine/account.ts'
import { type Tape, tape } from '../engine/restyle.ts'

type Row = Record<string, unknown>

/** How many pairs of spec and account each property is tried with. */
export const RUNS = Number(process.env['MAILCONFIG_RUNS'] ?? 300)

/** An account as somebody wants it, as it is after a while, and what a hand then does to the spec. */
export const pairs = fc.record({
  wanted: account,
  other: account,
  providers: fc.uniqueArray(provider, { selector: ({ caption }) => caption, maxLength: 3 }),
  numbers: fc.array(fc.nat(1000), { minLength: 31, maxLength: 67 }),
})
/** One pair. */
export type Pair = typeof pairs extends fc.Arbitrary<infer T> ? T : never

/** A pair in the emulator: the account as it is, and the text of the spec. */
export interface Laid {
  readonly spec: string
  /** Addresses that the spec ignores. */
  readonly ignored: readonly string[]
  readonly next: Tape
}

/** Puts a pair into a world: the spec is an export of the account as it was wanted, changed by hand; the account has moved on. */
export async function lay(world: World, pair: Pair): Promise<Laid> {
  const next = tape(pair.numbers)
  put(world.emulator, pair.wanted, pair.providers)
  const documents = loadAll(await world.exported()).filter(isRecord)
  const now: Row = clicked(pair.wanted, pair.other, next)
  now['domains'] = rows(pair.wanted.domains).filter(() => next() % 3 > 0)
  const providers = pair.providers.flatMap((one) => {
    const choice = next() % 4
    return choice === 0 ? [] : [choice === 1 ? { ...one, port: 2525, isEnabled: !one.isEnabled } : one]
  })
  put(world.emulator, now, providers)
  const names = rows(now['smtpUsers']).map((row) => `smtpUsers/${String(row['username'])}`)
  const ignored = names.filter(() => next() % 5 === 0)
  const spec = documents.map((document) => edited(document, next, ignored))
  return { spec: spec.map((one) => JSON.stringify(one, null, 1)).join('\n---\n'), ignored, next }
}

/** A document of a spec as a hand may leave it: another mode, fewer entries and fields, tombstones, passwords. */
function edited(document: Row, next: Tape, ignored: readonly string[]): Row {
  const sections = Object.entries(document).flatMap(([name, value]) => {
    const kind = kinds.find((one) => one.name === name)
    if (kind === undefined) return [[name, value]]
    if (next() % 8 === 0) return []
    if (!Array.isArray(value)) return [[name, value]]
    const entries = value.flatMap((one: unknown) => {
      const entry: Row = isRecord(one) ? { ...one } : { [kind.shorthand ?? kind.key]: one }
      if (next() % 6 === 0 || ignored.includes(`${name}/${String(entry[kind.key])}`)) return []
      if (next() % 9 === 0 && name !== 'apiKeys') return [{ [kind.key]: entry[kind.key], state: 'absent' }]
      for (const [field, { required }] of Object.entries(kind.fields))
        if (field in entry && required === undefined && next() % 4 === 0) delete entry[field]
      return [{ ...entry, ...PASSWORDS[name] }]
    })
    return [[name, entries]]
  })
  const mode = ['additive', 'additive', 'owned', 'authoritative'][next() % 4]
  const manage = { default: mode, allowEmpty: next() % 2 === 0 ? kinds.map(({ name }) => name) : [] }
  return { ...Object.fromEntries(sections), manage, ...(document['account'] === 'main' ? { ignore: ignored } : {}) }
}

/** What an export lacks, and a new object needs. */
const PASSWORDS: Readonly<Record<string, Row>> = {
  smtpUsers: { password: '${env:BILLING_PASSWORD}' },
  providers: { password: '${env:RELAY_PASSWORD}' },
}

/**
 * Tries a property with RUNS pairs, or as many as are said. A pair that fails is made smaller for 20 seconds at most; the report has the seed, the path and what is
 * left of the pair, cut off where it is long.
 */
export async function tries(property: (pair: Pair) => Promise<void>, runs = RUNS): Promise<void> {
  let failedAt = 0
  let done = 0
  const found = await fc.check(
    fc.asyncProperty(pairs, async (pair) => {
      fc.pre(failedAt === 0 || Date.now() - failedAt < 20_000)
      try {
        await property(pair)
        done += 1
        if (done % 500 === 0 && failedAt === 0) process.stdout.write(`${done} of ${runs} pairs\n`)
      } catch (error) {
        failedAt ||= Date.now()
        throw error
      }
    }),
    {
      numRuns: runs,
      ...(SEED === undefined ? {} : { seed: Number(SEED) }),
      ...(PATH === undefined ? {} : { path: PATH }),
    },
  )
  if (!found.failed) {
    expect(found.numRuns).toBe(runs)
    return
  }
  const why = found.errorInstance instanceof Error ? found.errorInstance.message : String(found.errorInstance)
  const example = fc.stringify(found.counterexample?.[0])
  throw new Error(
    `after ${found.numRuns} of ${runs} pairs, made smaller ${found.numShrinks} times\n` +
      `again: MAILCONFIG_SEED=${found.seed} MAILCONFIG_PATH=${found.counterexamplePath}\n${cut(why)}\npair: ${cut(example)}`,
  )
}

const { MAILCONFIG_SEED: SEED, MAILCONFIG_PATH: PATH } = process.env

function cut(text: string): string {
  return text.length <= 2500 ? text : `${text.slice(0, 2500)}… (${text.length} characters)`
}
