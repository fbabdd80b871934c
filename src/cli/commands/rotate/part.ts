import { compose } from '../../../engine/assemble/compose.ts'
import type { DesiredObject } from '../../../model/desired/object.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import type { LocatedSpec } from '../../session/spec.ts'

/** A spec of these objects alone. */
export function composed(located: LocatedSpec, objects: readonly DesiredObject[]): LocatedSpec {
  return { spec: compose(located.spec.accounts, objects, located.spec.hash), warnings: [], locate: located.locate }
}

/** The objects are chosen already. */
export function alone(invocation: Invocation): Invocation {
  return { ...invocation, options: { ...invocation.options, only: [], exclude: [] } }
}
