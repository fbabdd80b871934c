import { type Field, type Fields, flag, list, need, nullable, or, record, text, type Values } from './fields.ts'
import type { Json } from './json.ts'

/** A text; empty if left out. */
export const blank = or(text(), () => '')
/** False if left out. */
export const off = or(flag(), () => false)
/** True if left out. */
export const on = or(flag(), () => true)
/** A text or null; null if left out. */
export const nothing = or(nullable(text()), () => null)
/** Texts; none if left out. */
export const texts = or(list(text()), () => [])

/** Objects of one form; none if left out. Names that answers show and no state keeps are let through. */
export function many<F extends Fields>(fields: F, derived: readonly string[] = []): Field<Values<F>[]> {
  return or(list(record(fields, derived)), () => [])
}

/** An object that has all its parts, whatever is left out. */
export function part<F extends Fields>(fields: F): Field<Values<F>> {
  return (value: Json | undefined, name: string) => need(record(fields, []))(value ?? {}, name)
}

/** Values by their key. */
export function by<K, V>(items: readonly V[], key: (item: V) => K): Map<K, V> {
  return new Map(items.map((item) => [key(item), item]))
}
