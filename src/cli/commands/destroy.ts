import type { DesiredObject } from '../../model/desired/object.ts'
import type { Spec } from '../../model/desired/spec.ts'
import { refuseUnreviewed } from '../ci.ts'
import type { Invocation } from '../main.ts'
import { openSpec } from '../spec.ts'
import { applySpec } from './apply.ts'
import { planSpec } from './plan.ts'

/** Deletes what the spec names, and nothing else, after the same plan and gates. */
export async function destroy(invocation: Invocation): Promise<number> {
  if (invocation.options.out === undefined) refuseUnreviewed(invocation)
  const ready = await openSpec(invocation)
  if ('code' in ready) return ready.code
  const { objects } = ready.spec
  const lasting = objects.filter((object) => object.kind.calls.delete === undefined)
  if (lasting.length > 0)
    invocation.io.stderr.write(
      `Left as they are, for the API cannot delete them: ${lasting.map((object) => object.address).join(', ')}\n`,
    )
  const gone = { ...ready, spec: tombstones(ready.spec) }
  if (invocation.options.out !== undefined) return await planSpec(gone, invocation, 'destroy')
  return await applySpec(gone, invocation, { command: 'destroy', question: 'Delete these objects?' })
}

/** The same spec with every object marked as gone; sections delete nothing that the spec does not name. */
export function tombstones(spec: Spec): Spec {
  const objects = spec.objects
    .filter((object) => object.kind.calls.delete !== undefined)
    .map((object): DesiredObject => ({ ...object, state: 'absent' }))
  const kept = new Set(objects.map((object) => object.kind.name))
  const scopes = spec.scopes.map((scope) => ({
    ...scope,
    sections: new Map(
      [...scope.sections]
        .filter(([kind]) => kept.has(kind))
        .map(([kind, section]) => [kind, { ...section, mode: 'additive' as const }]),
    ),
  }))
  return { ...spec, objects, scopes, references: [] }
}
