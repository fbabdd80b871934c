import type { DiagnosticMessage, PathMessage } from './messages.ts'
import { SEVERITY } from './messages.ts'
import type { AttributePath, CtyType, Diagnostic } from './plugin.ts'

/** Diagnostics as they are sent; `type` is that of the value into which their paths lead. */
export function diagnosticMessages(diagnostics: readonly Diagnostic[], type: CtyType): readonly DiagnosticMessage[] {
  return diagnostics.map(({ severity, summary, detail, path }) => ({
    severity: SEVERITY[severity],
    summary,
    detail,
    attribute: path === undefined || path.length === 0 ? undefined : pathMessage(path, type),
  }))
}

/** A path as it is sent: the type says whether a text is a name or a key. It ends at a set, whose items have no place. */
export function pathMessage(path: AttributePath, type: CtyType): PathMessage {
  const steps: NonNullable<PathMessage['steps']>[number][] = []
  let inside: CtyType = type
  for (const step of path) {
    if (inside[0] === 'set') break
    if (typeof step === 'number') steps.push({ elementKeyInt: step })
    else steps.push(inside[0] === 'map' ? { elementKeyString: step } : { attributeName: step })
    inside = typeInside(inside, step)
  }
  return { steps }
}

function typeInside(type: CtyType, step: string | number): CtyType {
  if (typeof type === 'string') return 'dynamic'
  if (type[0] !== 'object') return type[1]
  return type[1][String(step)] ?? 'dynamic'
}
