import { type Field, flag, list, need, oneOf, read, record, text, whole } from '../input/fields.ts'
import type { Json } from '../input/json.ts'

/** Which calls a fault meets; without anything, all. A path may end in `*`; `nth` counts matching calls from 1. */
export interface Match {
  readonly path?: string | undefined
  readonly method?: string | undefined
  readonly nth?: number | undefined
}

/** The names of all faults. */
export const faultNames = [
  'latency',
  'status',
  'redirect',
  'reset-before-commit',
  'reset-after-commit',
  'hang-after-commit',
  'slow-body',
  'truncated-body',
  'html',
  'wrong-type',
  'empty-list',
  'stale-list',
  'short-page',
  'duplicate-page',
] as const

/** What can go wrong. */
export type FaultName = (typeof faultNames)[number]

/** Something that goes wrong with some calls. */
export interface Fault {
  readonly match?: Match | undefined
  readonly fault: FaultName
  /** Of `latency`, `slow-body` and `stale-list`. */
  readonly ms?: number | undefined
  /** Of `status`, `html` and `redirect`. */
  readonly status?: number | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: Json | undefined
  /** Of `status`: the call is carried out all the same. */
  readonly afterCommit?: boolean | undefined
  /** Of `redirect`. */
  readonly location?: string | undefined
  /** Of `wrong-type`: what is of a wrong type. */
  readonly part?: 'header' | 'data' | undefined
}

const headers: Field<Record<string, string> | undefined> = (value, name) => {
  const given = record({})(value, name) && value
  if (typeof given !== 'object' || given === null) return undefined
  return Object.fromEntries(Object.entries(given).map(([key, one]) => [key, need(text())(one, `${name}.${key}`)]))
}
const fields = {
  match: record({ path: text(), method: text(), nth: whole(1) }, []),
  fault: need(oneOf(faultNames)),
  ms: whole(0),
  status: whole(200, 599),
  headers,
  body: (value: Json | undefined) => value,
  afterCommit: flag(),
  location: text(),
  part: oneOf(['header', 'data']),
}
const needs: Partial<Record<FaultName, Readonly<Record<string, Field<unknown>>>>> = {
  latency: { ms: need(whole(0)) },
  'slow-body': { ms: need(whole(0)) },
  'stale-list': { ms: need(whole(0)) },
  status: { status: need(whole(200, 599)) },
  redirect: { location: need(text()) },
}

/** Checks faults that came as JSON, one or a list; throws `Invalid`. */
export function readFaults(value: Json | undefined): Fault[] {
  const found = need(list(record(fields, [])))(Array.isArray(value) ? value : value && [value], 'faults')
  for (const fault of found) read(needs[fault.fault] ?? {}, { ...fault, match: null, headers: null, body: null })
  return found
}

/** The faults that are set. */
export interface Faults {
  add(list: readonly Fault[]): void
  clear(): void
  /** Counts a call and answers the faults that meet it. */
  meet(method: string, path: string): Fault[]
  /** Whether any fault of the name is set. */
  has(name: FaultName): boolean
}

/** Keeps faults and counts the calls they match. */
export function createFaults(): Faults {
  let set: { readonly fault: Fault; seen: number }[] = []
  return {
    add: (list) => set.push(...list.map((fault) => ({ fault, seen: 0 }))),
    clear: () => {
      set = []
    },
    has: (name) => set.some(({ fault }) => fault.fault === name),
    meet: (method, path) => {
      const matching = set.filter(({ fault: { match } }) => matches(match, method, path))
      for (const one of matching) one.seen += 1
      return matching.filter(({ fault, seen }) => (fault.match?.nth ?? seen) === seen).map(({ fault }) => fault)
    },
  }
}

function matches(match: Match | undefined, method: string, path: string): boolean {
  if (match?.method !== undefined && match.method.toUpperCase() !== method) return false
  if (match?.path === undefined) return true
  return match.path.endsWith('*') ? path.startsWith(match.path.slice(0, -1)) : path === match.path
}
