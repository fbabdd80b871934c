import type { TerraformAttribute } from '../../derive/terraform/attributes.ts'
import { structureProblems } from '../../engine/documents/schema-problems.ts'
import { finishEntry } from '../../engine/entries/normalize.ts'
import { isRecord, parseJson } from '../../model/json.ts'
import type { Values } from '../../model/kind/field.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import { isError, type Problem } from '../../model/problem.ts'
import { Secret } from '../../model/secret.ts'
import type { Validate } from '../../model/validation.ts'
import { problemDiagnostic } from '../attributes/diagnostics.ts'
import { isKnown, isMap, toSpec } from '../attributes/values.ts'
import type { Capabilities, Diagnostic, Value, ValueMap } from '../protocol/plugin.ts'

const source = { file: '', document: 0, path: [] }

/** Checks a configuration with the same schema and the same checks as a spec; what is unknown yet is left alone. */
export function validateConfig(
  kind: ResourceKind,
  attributes: readonly TerraformAttribute[],
  config: ValueMap,
  validate: Validate,
  capabilities: Capabilities,
): Diagnostic[] {
  const diagnostics = [
    ...secretDiagnostics(attributes, config, capabilities, []),
    ...jsonDiagnostics(attributes, config),
  ]
  const values = toSpec(attributes, config)
  const structural = structureProblems(validate(withoutSecrets(values)), source, () => false)
  // What has to be there is Terraform's to say: an unknown value is not a missing one.
  const problems: Problem[] = structural.filter((problem) => problem.code !== 'MISSING_FIELD')
  if (!problems.some(isError)) {
    const finished = finishEntry(kind, values, source, problems)
    if (isKnown(config))
      for (const { path, ...finding } of kind.check?.(finished) ?? [])
        if (finding.code !== 'ONE_TARGET') problems.push({ ...finding, source: { ...source, path } })
  }
  return [...diagnostics, ...problems.map(problemDiagnostic)]
}

function withoutSecrets(values: Values): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (value instanceof Secret) return [name, '(secret)']
      return [name, isRecord(value) ? withoutSecrets(value) : value]
    }),
  )
}

/** Write-only values need a Terraform that knows them, exclude the stored ones, and are sent when their version says so. */
function secretDiagnostics(
  attributes: readonly TerraformAttribute[],
  config: ValueMap,
  capabilities: Capabilities,
  prefix: readonly string[],
): Diagnostic[] {
  return attributes.flatMap((one): Diagnostic[] => {
    const value: Value = config[one.name] ?? null
    if (one.nested?.nesting === 'single' && isMap(value))
      return secretDiagnostics(one.nested.attributes, value, capabilities, [...prefix, one.name])
    if (one.role !== 'writeOnly' || value === null) return []
    const plain = one.name.replace(/_wo$/, '')
    const path = [...prefix, one.name].slice(0, 1)
    if (!capabilities.writeOnlyAttributes)
      return [
        {
          severity: 'error',
          summary: 'This version of Terraform would store a write-only value',
          detail: `"${one.name}" needs Terraform or OpenTofu 1.11 or later. Use "${plain}" instead, which is kept in the state, or a newer version.`,
          path,
        },
      ]
    if ((config[plain] ?? null) !== null)
      return [
        {
          severity: 'error',
          summary: 'A secret is given twice',
          detail: `Give "${plain}" or "${one.name}", not both.`,
          path,
        },
      ]
    if ((config[`${plain}_wo_version`] ?? null) === null)
      return [
        {
          severity: 'warning',
          summary: `"${one.name}" has no version`,
          detail: `Without "${plain}_wo_version" it is sent once, when the object is made; raise the version to send it again.`,
          path,
        },
      ]
    return []
  })
}

function jsonDiagnostics(attributes: readonly TerraformAttribute[], config: ValueMap): Diagnostic[] {
  return attributes.flatMap(({ name, field }) => {
    const value = config[name]
    if (field?.definition.type !== 'record' || typeof value !== 'string') return []
    try {
      const parsed: unknown = parseJson(value)
      if (isRecord(parsed)) return []
    } catch {
      // said below, for both reasons
    }
    return [
      {
        severity: 'error' as const,
        summary: 'This is not a JSON object',
        detail: `Write ${name} = jsonencode({ … }).`,
        path: [name],
      },
    ]
  })
}
