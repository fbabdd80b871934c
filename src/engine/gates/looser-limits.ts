import { formatScope } from '../../model/address.ts'
import type { Limit, ScopeSpec, Spec } from '../../model/desired/spec.ts'
import type { Problem } from '../../model/problem.ts'
import type { Live } from '../../model/run/live.ts'
import { allowed, type Limited, looserLimit } from './limits.ts'

/** A limit that lets more pass than the default is said in every plan; a stricter one needs no word. */
export function looserWarnings(spec: Spec, live: Live): Problem[] {
  const found = new Map<string, { readonly limit: Limit; readonly what: Limited; readonly where: string[] }>()
  for (const scope of spec.scopes)
    for (const { size, name } of sizesOf(scope, live))
      for (const what of ['deletes', 'updates'] as const) {
        const limit = looserLimit(what, size, scope.safety)
        if (limit === undefined) continue
        const id = `${limit.source.file} ${limit.source.document} ${what}`
        const group = found.get(id) ?? { limit, what, where: [] }
        const verb = what === 'deletes' ? 'deleted' : 'updated'
        group.where.push(
          `${allowed(what, size, scope.safety)} of ${size} ${name} be ${verb}, not ${allowed(what, size)}`,
        )
        found.set(id, group)
      }
  return [...found.values()].map(({ limit, what, where }) => {
    const [first = '', ...rest] = where
    const more = rest.length === 0 ? '' : ` (and so in ${rest.length} more)`
    return {
      code: 'LOOSER_LIMIT',
      severity: 'warning',
      message: `safety.${what} is looser than the default: it allows ${first}${more}`,
      source: limit.source,
    }
  })
}

/** How many live objects each section has, or entries each list. */
function sizesOf({ scope, sections }: ScopeSpec, live: Live): { readonly size: number; readonly name: string }[] {
  const known = live.get(formatScope(scope))
  return [...sections.values()].flatMap(({ kind }) => {
    const collection = known?.collections.get(kind.name)
    if (collection?.known !== true) return []
    const { members } = kind
    if (members === undefined)
      return [
        {
          size: collection.objects.filter((one) => !one.dormant).length,
          name: `${kind.name} in "${formatScope(scope)}"`,
        },
      ]
    return collection.objects.map((one) => {
      const entries = one.values[members.field]
      return {
        size: Array.isArray(entries) ? entries.length : 0,
        name: `entries of ${kind.name} in "${formatScope(scope)}"`,
      }
    })
  })
}
