import { isRecord } from './json.ts'

declare const type: unique symbol

/** The form of a document or of a part of it: its type, its check and its JSON Schema in one. */
export interface Shape<T> {
  readonly [type]?: T
  /** JSON Schema, draft 7. Its patterns and bounds are for readers: the check looks at types, words and members. */
  readonly schema: Readonly<Record<string, unknown>>
  /** Where a value does not fit, from the path of its root; undefined if it does. Members that the shape does not know are let through. */
  readonly fault: (value: unknown, path: string) => string | undefined
  readonly isOptional?: true
}

/** The type of the values that fit. */
export type TypeOf<S> = S extends { readonly [type]?: infer T } ? Exclude<T, undefined> : never

/** A member that may be missing. */
type Optional<T> = Shape<T> & { readonly isOptional: true }

type Members = Readonly<Record<string, Shape<unknown>>>
type ObjectOf<M extends Members> = {
  readonly [K in keyof M as M[K] extends Optional<unknown> ? never : K]: TypeOf<M[K]>
} & {
  readonly [K in keyof M as M[K] extends Optional<unknown> ? K : never]?: TypeOf<M[K]>
}

/** True for a value that fits. */
export function fits<T>(shape: Shape<T>, value: unknown): value is T {
  return shape.fault(value, '') === undefined
}

/** Where a value does not fit, such as `changes[3].risk.level`; undefined if it does. */
export function faultIn(shape: Shape<unknown>, value: unknown): string | undefined {
  return shape.fault(value, '')
}

function leaf<T>(schema: Readonly<Record<string, unknown>>, is: (value: unknown) => boolean): Shape<T> {
  return { schema, fault: (value, path) => (is(value) ? undefined : path) }
}

/** A text, with words of JSON Schema that say more of it. */
export function text(more: Readonly<Record<string, unknown>> = {}): Shape<string> {
  return leaf({ type: 'string', ...more }, (value) => typeof value === 'string')
}

/** A number that is no less than `minimum`. */
export function number(minimum: number): Shape<number> {
  return leaf({ type: 'number', minimum }, (value) => typeof value === 'number')
}

/** A whole number that is no less than `minimum`. */
export function whole(minimum = 0): Shape<number> {
  return leaf({ type: 'integer', minimum }, (value) => typeof value === 'number')
}

/** True or false. */
export const truth: Shape<boolean> = leaf({ type: 'boolean' }, (value) => typeof value === 'boolean')
/** True, or left out. */
export const yes: Shape<true> = leaf({ const: true }, (value) => value === true)
/** Anything at all. */
export const anything: Shape<unknown> = leaf({}, () => true)
/** An object of any content. */
export const anyObject: Shape<Readonly<Record<string, unknown>>> = leaf({ type: 'object' }, isRecord)

/** One of some words. */
export function oneOf<const W extends string>(...words: readonly W[]): Shape<W> {
  return leaf({ enum: words }, (value) => words.some((word) => word === value))
}

/** One of some names for the schema; for the check any text, because a document of another version may know more of them. */
export function nameOf(names: readonly string[]): Shape<string> {
  return leaf({ enum: names }, (value) => typeof value === 'string')
}

/** What fits, or null. */
export function orNull<T>(shape: Shape<T>): Shape<T | null> {
  const { schema } = shape
  const isPlain = Object.keys(schema).length === 1 && typeof schema['type'] === 'string'
  return {
    schema: isPlain ? { type: [schema['type'], 'null'] } : { anyOf: [schema, { type: 'null' }] },
    fault: (value, path) => (value === null ? undefined : shape.fault(value, path)),
  }
}

/** A member that may be missing. */
export function optional<T>(shape: Shape<T>): Optional<T> {
  return {
    schema: shape.schema,
    isOptional: true,
    fault: (value, path) => (value === undefined ? undefined : shape.fault(value, path)),
  }
}

/** A list of what fits. */
export function list<T>(items: Shape<T>): Shape<readonly T[]> {
  return {
    schema: { type: 'array', items: items.schema },
    fault: (value, path) =>
      Array.isArray(value) ? firstFault(value, (item, at) => items.fault(item, `${path}[${at}]`)) : path,
  }
}

/** What fits, by names of any sort. */
export function record<T>(values: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return {
    schema: { type: 'object', additionalProperties: values.schema },
    fault: (value, path) =>
      isRecord(value) ? firstFault(Object.entries(value), ([name, one]) => values.fault(one, `${path}.${name}`)) : path,
  }
}

/** An object with these members; the schema lets no other one in. */
export function object<const M extends Members>(members: M): Shape<ObjectOf<M>> {
  const all = Object.entries(members)
  return {
    schema: {
      type: 'object',
      properties: Object.fromEntries(all.map(([name, { schema }]) => [name, schema])),
      required: all.filter(([, { isOptional }]) => isOptional !== true).map(([name]) => name),
      additionalProperties: false,
    },
    fault: (value, path) =>
      isRecord(value)
        ? firstFault(all, ([name, member]) => member.fault(value[name], path === '' ? name : `${path}.${name}`))
        : path,
  }
}

function firstFault<T>(items: readonly T[], fault: (item: T, at: number) => string | undefined): string | undefined {
  for (const [at, item] of items.entries()) {
    const found = fault(item, at)
    if (found !== undefined) return found
  }
  return undefined
}
