import { Secret } from './secret.ts'

/** Documents of ours and answers of APIs have a few levels; what has more than this was made to break a reader. */
const DEEPEST = 200

/** Parses JSON whose depth is bounded, so that walking through it needs no more of the stack than that. Throws `SyntaxError`. */
export function parseJson(text: string): unknown {
  if (isDeeper(text)) throw new SyntaxError(`it is nested deeper than ${DEEPEST} levels`)
  return JSON.parse(text)
}

/** The same, with whole numbers that a number of JavaScript cannot hold as texts of their digits: ids stay what they are. */
export function parseJsonExactly(text: string): unknown {
  return parseJson(/\d{16}/.test(text) ? withQuotedIntegers(text) : text)
}

/** Writes JSON in which a `bigint` is a number of all its digits. */
export function writeJson(value: unknown): string {
  let big = false
  const text = JSON.stringify(value, (_, one: unknown) => {
    if (typeof one !== 'bigint') return one
    big = true
    return `\u0000${one}\u0000`
  })
  return big ? text.replace(/"\\u0000(-?\d+)\\u0000"/g, '$1') : text
}

/** Puts quotes around integers of 16 digits and more that stand outside of texts. */
function withQuotedIntegers(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  )
}

function isDeeper(text: string): boolean {
  let depth = 0
  let inText = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (inText) {
      if (code === 92) at += 1
      else if (code === 34) inText = false
    } else if (code === 34) inText = true
    else if (code === 91 || code === 123) {
      depth += 1
      if (depth > DEEPEST) return true
    } else if (code === 93 || code === 125) depth -= 1
  }
  return false
}

/** True for a plain JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Secret)
}

/** The same keys in the same order, each value replaced. */
export function mapEntries(
  record: Readonly<Record<string, unknown>>,
  change: (value: unknown, name: string) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]))
}

/** JSON with its keys in order all the way down, so that equal values have equal texts. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, sorted(value[name])]),
  )
}

/** An object without the names whose value is undefined. */
export function defined<const T extends object>(values: T): Defined<T>
export function defined(values: Readonly<Record<string, unknown>>): object {
  const result: Record<string, unknown> = {}
  for (const name of Object.keys(values)) if (values[name] !== undefined) result[name] = values[name]
  return result
}

type Defined<T> = { -readonly [N in keyof T as undefined extends T[N] ? never : N]: T[N] } & {
  -readonly [N in keyof T as undefined extends T[N] ? N : never]?: Exclude<T[N], undefined>
}
