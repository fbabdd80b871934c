import type { DesiredObject } from '../../model/desired/object.ts'
import type { Spec } from '../../model/desired/spec.ts'

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
