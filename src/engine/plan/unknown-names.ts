import { formatScope, qualify } from '../../model/address.ts'
import type { Spec } from '../../model/desired/spec.ts'
import type { Problem } from '../../model/problem.ts'
import { innerAccount } from '../../model/run/inner-account.ts'
import type { Live } from '../../model/run/live.ts'
import { closest } from '../../model/text/closest.ts'

/** A document's subaccount has to be live, or made by this very plan. */
export function unknownSubaccounts(spec: Spec, live: Live): Problem[] {
  return spec.scopes.flatMap(({ scope, sections }) => {
    if (scope.subaccount === null) return []
    const [section] = sections.values()
    const parentKind = section?.kind.api.inner?.kind ?? ''
    const parents = live.get(scope.account)?.collections.get(parentKind)
    if (parents?.known !== true) return []
    const inner = innerAccount(parents.objects, scope.subaccount)
    const { found: there } = inner
    if (there === undefined && inner.among.length > 0) return [] // it could not be read, and that says why
    const planned = spec.objects.find(
      (one) =>
        one.kind.name === parentKind &&
        one.scope.account === scope.account &&
        one.key === scope.subaccount &&
        one.state === 'present',
    )
    if (planned !== undefined || (there !== undefined && !there.dormant)) return []
    return [
      {
        code: 'UNKNOWN_SUBACCOUNT',
        message: `the account "${scope.account}" has no ${there === undefined ? '' : 'open '}subaccount "${scope.subaccount}"`,
        hint: `declare it under ${parentKind}: in the document of the account`,
        ...(section === undefined ? {} : { source: { ...section.source, path: ['subaccount'] } }),
      },
    ]
  })
}

/** A reference has to lead to an object that is declared or live. */
export function unknownReferences(spec: Spec, live: Live): Problem[] {
  const declared = new Set(spec.objects.map((one) => qualify(one.scope, one.address)))
  return spec.references.flatMap(({ from, kind, key, source }) => {
    if (from.state === 'absent' || declared.has(qualify(from.scope, `${kind}/${key}`))) return []
    const collection = live.get(formatScope(from.scope))?.collections.get(kind)
    if (collection?.known !== true || collection.objects.some((one) => one.key === key)) return []
    const names = spec.objects.filter(
      (one) => one.kind.name === kind && formatScope(one.scope) === formatScope(from.scope),
    )
    const near = closest(
      key,
      [...names, ...collection.objects].slice(0, 2000).map((one) => one.key),
    )
    return [
      {
        code: 'UNKNOWN_REFERENCE',
        message: `there is no ${kind}/${key}, neither in the spec nor in the account`,
        ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }),
        source,
      },
    ]
  })
}
