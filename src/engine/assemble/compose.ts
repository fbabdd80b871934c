import { formatScope } from '../../model/address.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import { collectReferences } from '../../model/desired/references.ts'
import type { ScopeSpec, SectionSpec, Spec } from '../../model/desired/spec.ts'

/**
 * A spec out of objects that nobody wrote in a file, for a plan like any other. It deletes only what says `state: absent`; of a
 * list whose members the ledger knows, those that are ours and that it does not name go.
 */
export function compose(accounts: Spec['accounts'], objects: readonly DesiredObject[], hash: string): Spec {
  const scopes = new Map<string, { readonly scope: ScopeSpec['scope']; readonly sections: Map<string, SectionSpec> }>()
  for (const { scope, kind, source } of objects) {
    const name = formatScope(scope)
    const known = scopes.get(name) ?? { scope, sections: new Map<string, SectionSpec>() }
    scopes.set(name, known)
    const mode = kind.members === undefined ? 'additive' : 'owned'
    if (!known.sections.has(kind.name))
      known.sections.set(kind.name, { kind, mode, allowEmpty: false, source, isComposed: true })
  }
  return {
    accounts,
    scopes: [...scopes.values()].map((scope) => ({ ...scope, ignore: [] })),
    objects,
    references: collectReferences(objects),
    hash,
  }
}
