import { smtp2goApi } from '../../apis/smtp2go/api.ts'
import { isRecord } from '../../model/json.ts'
import { ApiError } from '../../model/wire.ts'

/** Reads the figures of an answer; a figure that is documented and not there is an error, never a zero. */
export interface Figures {
  readonly count: (name: string) => number
  /** A share in percent, which is a text in some answers and a number in others. */
  readonly percent: (name: string) => number
  readonly text: (name: string) => string
  /** A time in UTC, as Terraform's functions take it. */
  readonly time: (name: string) => string
  /** A figure that the API may leave out. */
  readonly maybe: (name: string) => number | null
  /** An answer that is not what it should be. */
  readonly misfit: (wanted: string) => ApiError
}

/** The figures of one object that `path` answered. */
export function figuresOf(path: string, answer: unknown): Figures {
  const row = isRecord(answer) ? answer : {}
  const error = (message: string) =>
    new ApiError(`${message}: the API has changed, or this is not its host`, {
      kind: 'shape',
      account: smtp2goApi.account,
      method: 'POST',
      path,
    })
  const bad = (name: string, what: string) => error(`"${name}" in the answer is not ${what}`)
  return {
    misfit: (wanted) => error(`the answer is not ${wanted}`),
    count: (name) => {
      const value = row[name]
      if (typeof value === 'number') return value
      throw bad(name, 'a number')
    },
    percent: (name) => {
      const value = row[name]
      if (typeof value === 'number') return value
      if (typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value)) return Number(value)
      throw bad(name, 'a share in percent')
    },
    text: (name) => {
      const value = row[name]
      if (typeof value === 'string') return value
      throw bad(name, 'a text')
    },
    time: (name) => {
      const value = row[name]
      const found = typeof value === 'string' ? timeOf(value) : undefined
      if (found !== undefined) return found
      throw bad(name, 'a time')
    },
    maybe: (name) => {
      const value = row[name]
      return typeof value === 'number' ? value : null
    },
  }
}

/** `2022-11-01 00:00:00+00:00` and `2016-08-04 01:49:15.863998` as `2022-11-01T00:00:00Z`. */
function timeOf(value: string): string | undefined {
  const [, day, clock, zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$/.exec(value) ?? []
  const time = new Date(`${day}T${clock}${zone}`)
  return Number.isNaN(time.getTime()) ? undefined : `${time.toISOString().slice(0, 19)}Z`
}
