import type { Json } from '../input/json.ts'
import type { SettingValues, SharedSettings } from './settings.ts'

/** One call as it came in. */
export interface Incoming {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly text: string
  readonly address: string
  readonly header: (name: string) => string | undefined
}

/** What a call is answered with; without `body` there is none, `hangs` means never. */
export interface Answer {
  readonly status: number
  readonly body?: Json
  readonly headers?: Readonly<Record<string, string>>
  readonly hangs?: true
  /** Sent instead of the body, as it is. */
  readonly raw?: string
  /** Whether it changed something, where it was waited for. */
  readonly commits?: boolean
}

/** What a call of a service works on: what it keeps, and how it is set. */
export interface Context<World, Settings> {
  readonly world: World
  readonly settings: Settings
  readonly now: Date
  readonly counters: Counters
}

/** What surrounds a call. */
export interface CallSurroundings {
  readonly settings: SettingValues
  readonly now: Date
  readonly counters: Counters
}

/** Counts calls in sliding windows; remembered by the server, not part of the state. */
export type Counters = Map<string, number[]>

/** Counts a call and says whether more than `most` of them fell into the last `seconds`. */
export function isOverLimit(counters: Counters, name: string, now: Date, most: number, seconds: number): boolean {
  const from = now.getTime() - seconds * 1000
  const recent = (counters.get(name) ?? []).filter((time) => time > from)
  recent.push(now.getTime())
  counters.set(name, recent)
  return recent.length > most
}

/** The headers of a 429. */
export function retryHeaders(settings: SharedSettings): Readonly<Record<string, string>> {
  return settings.retryAfter === null ? {} : { 'retry-after': String(settings.retryAfter) }
}
