import { isObject, type Json, type JsonObject } from './json.ts'

/** Checks one value of a body and answers it typed, or throws `Invalid`. */
export type Field<T> = (value: Json | undefined, name: string) => T

/** The fields of one body, by name. */
export type Fields = Readonly<Record<string, Field<unknown>>>

/** What `read` makes of a body. */
export type Values<F extends Fields> = { -readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never }

/** A field that does not fit. */
export class Invalid extends Error {
  override readonly name = 'Invalid'
  readonly field: string
  constructor(field: string, message: string) {
    super(message)
    this.field = field
  }
}

const again = 'Please correct your JSON payload and try again.'

function show(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}

function wrongType(name: string, wanted: string, value: Json): Invalid {
  return new Invalid(name, `The field '${name}' was expecting ${wanted} but instead found ${show(value)}, ${again}`)
}

/** Reads the named fields of a body; names it does not know are left alone. */
export function read<F extends Fields>(fields: F, body: JsonObject): Values<F> {
  const out: Record<string, unknown> = {}
  for (const name in fields) out[name] = fields[name]?.(body[name], name)
  return out as Values<F>
}

/** What a text has to look like. */
interface TextRule {
  readonly min?: number
  readonly max?: number
  readonly pattern?: RegExp
  readonly wanted?: string
  readonly secret?: boolean
}

/** A text; null counts as left out. */
export function text(rule: TextRule = {}): Field<string | undefined> {
  return (value, name) => {
    if (value === undefined || value === null) return undefined
    if (typeof value !== 'string') throw wrongType(name, 'a string', rule.secret ? '(secret)' : value)
    const { min = 0, max = Number.POSITIVE_INFINITY } = rule
    if (value.length < min || value.length > max) {
      const length = max === Number.POSITIVE_INFINITY ? `at least ${min}` : `${min} to ${max}`
      throw wrongType(name, `a string of ${length} characters`, rule.secret ? '(secret)' : value)
    }
    if (rule.pattern && !rule.pattern.test(value)) {
      throw wrongType(name, rule.wanted ?? `a string that matches ${rule.pattern}`, rule.secret ? '(secret)' : value)
    }
    return value
  }
}

/** True or false; null counts as left out. */
export function flag(): Field<boolean | undefined> {
  return (value, name) => {
    if (value === undefined || value === null) return undefined
    if (typeof value !== 'boolean') throw wrongType(name, 'a boolean', value)
    return value
  }
}

/** A whole number; null counts as left out. */
export function whole(min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER): Field<number | undefined> {
  return (value, name) => {
    if (value === undefined || value === null) return undefined
    if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(name, 'an integer', value)
    if (value < min || value > max) throw wrongType(name, `an integer from ${min} to ${max}`, value)
    return value
  }
}

/** A number that is not negative. */
export function decimal(): Field<number | undefined> {
  return (value, name) => {
    if (value === undefined || value === null) return undefined
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) throw wrongType(name, 'a number', value)
    return value
  }
}

/** One of a closed list. */
export function oneOf<const V extends string | number | boolean>(values: readonly V[]): Field<V | undefined> {
  return (value, name) => {
    if (value === undefined || value === null) return undefined
    const found = values.find((candidate) => candidate === value)
    if (found !== undefined) return found
    throw wrongType(name, `a value from the allowed list [${values.map((one) => `'${one}'`).join(', ')}]`, value)
  }
}

/** A list whose items all fit. */
export function list<T>(item: Field<T | undefined>): Field<T[] | undefined> {
  return (value, name) => {
    if (value === undefined || value === null) return undefined
    if (!Array.isArray(value)) throw wrongType(name, 'a list', value)
    return value.map((one: Json, index) => need(item)(one, `${name}[${index}]`))
  }
}

/** An object of any content. */
export function anything(): Field<JsonObject | undefined> {
  return (value, name) => {
    if (value === undefined || value === null) return undefined
    if (!isObject(value)) throw wrongType(name, 'an object', value)
    return value
  }
}

/** An object with known fields. With `closed`, a name outside of fields and `closed` is refused. */
export function record<F extends Fields>(fields: F, closed?: readonly string[]): Field<Values<F> | undefined> {
  return (value, name) => {
    if (value === undefined || value === null) return undefined
    if (!isObject(value)) throw wrongType(name, 'an object', value)
    if (closed) refuseOthers(value, name, Object.keys(fields), closed)
    try {
      return read(fields, value)
    } catch (error) {
      if (error instanceof Invalid) throw new Invalid(`${name}.${error.field}`, error.message)
      throw error
    }
  }
}

function refuseOthers(value: JsonObject, name: string, known: readonly string[], ignored: readonly string[]): void {
  const other = Object.keys(value).find((key) => !known.includes(key) && !ignored.includes(key))
  if (other !== undefined) throw new Invalid(name, `'${name}' has no '${other}'; it has: ${known.join(', ')}`)
}

/** Refuses a missing value. */
export function need<T>(field: Field<T | undefined>): Field<T> {
  return (value, name) => {
    const found = field(value, name)
    if (found === undefined) throw new Invalid(name, `The field '${name}' is required but is missing, ${again}`)
    return found
  }
}

/** Fills in for a missing value. */
export function or<T>(field: Field<T | undefined>, fallback: () => NoInfer<T>): Field<T> {
  return (value, name) => field(value, name) ?? fallback()
}

/** Keeps null apart from left out. */
export function nullable<T>(field: Field<T | undefined>): Field<T | null | undefined> {
  return (value, name) => (value === null ? null : field(value, name))
}

/** Accepts what any of the fields accepts; the last one says what is wrong. */
export function either<A, B>(first: Field<A | undefined>, second: Field<B | undefined>): Field<A | B | undefined> {
  return (value, name) => {
    try {
      return first(value, name)
    } catch {
      return second(value, name)
    }
  }
}

const emailShape = /^[^\s@<>,;:"]+@(?:[a-z0-9_](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i
const domainShape = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i

/** Tells an e-mail address. */
export function isEmail(value: string): boolean {
  return value.length <= 320 && emailShape.test(value)
}

/** Tells a domain name. */
export function isDomain(value: string): boolean {
  return domainShape.test(value)
}

/** An e-mail address; the words of the refusal are the API's. */
export function email(alsoFine: (value: string) => boolean = () => false): Field<string | undefined> {
  return (value, name) => {
    const found = text()(value, name)
    if (found === undefined || isEmail(found) || alsoFine(found)) return found
    const message = `The field '${name}' was expecting a valid RFC-822 formatted email field but found '${show(found)}'`
    throw new Invalid(name, message)
  }
}

/** A text that passes a test. */
export function such(test: (value: string) => boolean, wanted: string): Field<string | undefined> {
  return (value, name) => {
    const found = text()(value, name)
    if (found !== undefined && !test(found)) throw wrongType(name, wanted, found)
    return found
  }
}
