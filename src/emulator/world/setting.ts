import { type Field, flag, nullable, oneOf, whole } from '../input/fields.ts'

/** Where a behaviour comes from: the vendor's pages, an answer somebody captured, or us. */
export type Evidence = 'documented' | 'seen live' | 'invented'

/** One switch of the emulator, as data. */
export interface Setting<T> {
  readonly field: Field<T | undefined>
  readonly initial: T
  readonly values: string
  readonly evidence: Evidence
  readonly doc: string
}

/** A setting with a closed list of values. */
export function choice<const V extends string | number>(
  values: readonly V[],
  initial: NoInfer<V>,
  evidence: Evidence,
  doc: string,
): Setting<V> {
  return { field: oneOf(values), initial, values: values.join(', '), evidence, doc }
}

/** A setting that is on or off. */
export function yesNo(initial: boolean, evidence: Evidence, doc: string): Setting<boolean> {
  return { field: flag(), initial, values: 'true, false', evidence, doc }
}

/** A setting that is a number or nothing. */
export function number(initial: number | null, evidence: Evidence, doc: string): Setting<number | null> {
  return { field: nullable(whole(0)), initial, values: 'number or null', evidence, doc }
}

/** A setting of any other type. */
export function value<T>(
  field: Field<T | undefined>,
  initial: NoInfer<T>,
  values: string,
  evidence: Evidence,
  doc: string,
): Setting<T> {
  return { field, initial, values, evidence, doc }
}
