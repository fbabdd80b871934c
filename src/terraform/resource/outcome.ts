import type { TerraformAttribute } from '../../derive/terraform/attributes.ts'
import type { Scope } from '../../model/address.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import { idText } from '../attributes/id.ts'
import { type Diagnostic, Unknown, type ValueMap } from '../protocol/plugin.ts'

const OUTCOMES = {
  failed: 'was refused',
  skipped: 'was left alone',
  unknown: 'may have changed or not',
} as const

/** What was asked for and is not what the API shows afterwards. */
export function driftDiagnostics(
  kind: ResourceKind,
  attributes: readonly TerraformAttribute[],
  planned: ValueMap,
  state: ValueMap,
): Diagnostic[] {
  return attributes.flatMap((one) => {
    const [plan, now] = [planned[one.name] ?? null, state[one.name] ?? null]
    const isManaged =
      one.role === 'value' &&
      one.computed !== true &&
      one.nested === undefined &&
      one.field?.definition.writeOnly !== true
    if (
      !isManaged ||
      plan === null ||
      plan instanceof Unknown ||
      JSON.stringify(plan) === JSON.stringify(now) ||
      now === null
    )
      return []
    if (Array.isArray(plan)) return []
    const summary = `"${one.name}" of the ${kind.title} was not kept`
    return [
      {
        severity: 'warning' as const,
        summary,
        detail: 'The API accepted the value but shows a different one.',
        path: [one.name],
      },
    ]
  })
}

/** Something of this key is there, and Terraform does not manage it. */
export function existsDiagnostic(kind: ResourceKind, key: string, scope: Scope): Diagnostic {
  return {
    severity: 'error',
    summary: `The ${kind.title} already exists`,
    detail: `Nothing was created. To manage it: terraform import mailconfig_${kind.resource}.NAME '${idText(kind, key, scope)}'`,
    ...(kind.key === '' ? {} : { path: [kind.key] }),
  }
}

/** Something was written, and a list read afterwards lacks it. */
export function goneDiagnostic(kind: ResourceKind, key: string): Diagnostic {
  return {
    severity: 'error',
    summary: `The ${kind.title} cannot be found`,
    detail: `The API accepted "${key}" but does not show it. Run plan to see the live state.`,
  }
}

/** A change that did not succeed. */
export function resultDiagnostic(
  kind: ResourceKind,
  outcome: keyof typeof OUTCOMES,
  error: { readonly code?: string; readonly message: string; readonly hint?: string } | undefined,
): Diagnostic {
  if (error?.code === 'NEEDS_SECRET')
    return {
      severity: 'error',
      summary: `The whole ${kind.title} is needed`,
      detail: `It was imported, and the API changes or deletes it only if it is given the whole key. Set key = "…" and apply; or delete it in the console, and terraform state rm it.`,
    }
  return {
    severity: 'error',
    summary: `The ${kind.title} ${OUTCOMES[outcome]}`,
    detail: [error?.message ?? 'no reason was given', error?.hint ?? ''].filter((part) => part !== '').join('. '),
  }
}
