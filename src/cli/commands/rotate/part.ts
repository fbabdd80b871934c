import { compose } from '../../../engine/assemble/compose.ts'
import type { DesiredObject } from '../../../model/desired/object.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import type { ReadySpec } from '../../session/spec.ts'

/** A spec of these objects alone. */
export function composed(ready: ReadySpec, objects: readonly DesiredObject[]): ReadySpec {
  return { spec: compose(ready.spec.accounts, objects, ready.spec.hash), warnings: [], locate: ready.locate }
}

/** The objects are chosen already. */
export function alone(invocation: Invocation): Invocation {
  return { ...invocation, options: { ...invocation.options, only: [], exclude: [] } }
}
