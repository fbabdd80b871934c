import type { TerraformAttribute } from '../../derive/terraform/attributes.ts'
import { append } from '../../model/append.ts'
import { canRename, type ResourceKind } from '../../model/kind/kind.ts'
import { plannedId } from '../attributes/id.ts'
import { isMap, isSameValue } from '../attributes/values.ts'
import { type AttributePath, type Diagnostic, UNKNOWN, Unknown, type Value, type ValueMap } from '../protocol/plugin.ts'

/** What Terraform will show, and what has to be recreated for it. */
interface PlannedResource {
  readonly planned: ValueMap
  readonly requiresReplace: readonly AttributePath[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Plans one resource: no call is made, and what means the same as before stays as it was written before. */
export function planResource(
  kind: ResourceKind,
  attributes: readonly TerraformAttribute[],
  prior: ValueMap | null,
  config: ValueMap,
): PlannedResource {
  const first = withId(kind, attributes, plannedValues(attributes, prior, config, []))
  if (prior === null) return { planned: first, requiresReplace: [], diagnostics: madeKeys(attributes, config) }
  const changed = attributes.filter((one) => !isSameValue(one, prior[one.name] ?? null, first[one.name] ?? null))
  const sent = changed.filter(isSent).map((one) => one.field?.name ?? one.name)
  const planned = sent.length === 0 ? first : withId(kind, attributes, plannedValues(attributes, prior, config, sent))
  const requiresReplace = changed.filter((one) => replaces(kind, one)).map((one) => [one.name])
  return { planned, requiresReplace, diagnostics: diagnose(kind, attributes, changed, prior, config, requiresReplace) }
}

/** Whether a change of this attribute takes a call; some only tell Terraform something, or are used once. */
function isSent({ role, field }: TerraformAttribute): boolean {
  if (role === 'replace' || role === 'id' || role === 'key') return false
  return field?.definition.writeOnly !== true || field.definition.secret === true
}

function withId(kind: ResourceKind, attributes: readonly TerraformAttribute[], planned: ValueMap): ValueMap {
  const id = attributes.find(({ role }) => role === 'id')
  return id === undefined ? planned : { ...planned, [id.name]: plannedId(kind, planned) }
}

/** A resource's key may change in place where the API can rename. */
function replaces(kind: ResourceKind, { role, field, name }: TerraformAttribute): boolean {
  if (role === 'scope') return true
  if (field === undefined) return false
  if (field.definition.immutable === true) return true
  return name === kind.key && !canRename(kind)
}

function plannedValues(
  attributes: readonly TerraformAttribute[],
  prior: ValueMap | null,
  config: ValueMap,
  sent: readonly string[],
): Record<string, Value> {
  return Object.fromEntries(
    attributes.map((one) => [
      one.name,
      plannedValue(one, prior?.[one.name] ?? null, config[one.name] ?? null, prior !== null, sent),
    ]),
  )
}

function plannedValue(
  attribute: TerraformAttribute,
  prior: Value,
  config: Value,
  exists: boolean,
  sent: readonly string[],
): Value {
  const { field, nested } = attribute
  if (attribute.writeOnly === true) return null
  const isGiven = attribute.optional !== true && attribute.required !== true
  if (isGiven) return exists && (sent.length === 0 || isSteady(attribute, sent)) ? prior : UNKNOWN
  if (config === null) return attribute.computed === true ? (exists ? prior : UNKNOWN) : null
  const definition = field?.definition
  if (exists && definition?.writeOnly === true && definition.secret !== true && prior !== null) return prior // used when it is made, and never again
  if (nested?.nesting === 'single' && isMap(config)) return plannedObject(nested.attributes, prior, config, sent)
  return exists && isSameValue(attribute, prior, config) ? prior : config
}

/** What the API gives and this change leaves as it is. */
function isSteady({ role, field }: TerraformAttribute, sent: readonly string[]): boolean {
  const { stable, changesWith } = field?.definition ?? {}
  return (
    role === 'key' || stable === true || (changesWith !== undefined && !changesWith.some((name) => sent.includes(name)))
  )
}

/** Inside an object that the configuration gives, an open switch is on. */
function plannedObject(
  attributes: readonly TerraformAttribute[],
  prior: Value,
  config: ValueMap,
  sent: readonly string[],
): Value {
  const before = isMap(prior) ? prior : null
  const off = attributes.find((one) => one.role === 'switch')
  const isOff = off !== undefined && config[off.name] === false
  const wasOff = off !== undefined && before?.[off.name] === false
  const exists = before !== null && !wasOff
  return Object.fromEntries(
    attributes.map((one): [string, Value] => {
      const given = config[one.name] ?? null
      if (one === off) return [one.name, given ?? true]
      if (isOff && given === null) return [one.name, null]
      return [one.name, plannedValue(one, before?.[one.name] ?? null, given, exists, sent)]
    }),
  )
}

function diagnose(
  kind: ResourceKind,
  attributes: readonly TerraformAttribute[],
  changed: readonly TerraformAttribute[],
  prior: ValueMap,
  config: ValueMap,
  requiresReplace: readonly AttributePath[],
): Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  const [replaced] = requiresReplace
  if (replaced !== undefined && attributes.some((one) => one.role === 'replace') && config['allow_replace'] !== true)
    diagnostics.push({
      severity: 'error',
      summary: `A ${kind.title} is not recreated`,
      detail: `Recreating it gives it different DNS selectors, so its records stop working and its mail is no longer signed. Add a second one, switch over, then remove the first; or set allow_replace = true.`,
      path: replaced,
    })
  if (requiresReplace.length === 0) append(diagnostics, missingSecrets(kind, attributes, changed, prior, config))
  return diagnostics
}

/** The service makes a key; one can be given only for an existing key. */
function madeKeys(attributes: readonly TerraformAttribute[], config: ValueMap): Diagnostic[] {
  return attributes
    .filter(({ role, name }) => role === 'key' && (config[name] ?? null) !== null)
    .map(({ name }) => ({
      severity: 'error',
      summary: `"${name}" cannot be chosen`,
      detail: 'The service generates it. Set it only for one that was imported.',
      path: [name],
    }))
}

/** A stored secret is never sent to a new destination on its own. */
function missingSecrets(
  kind: ResourceKind,
  attributes: readonly TerraformAttribute[],
  changed: readonly TerraformAttribute[],
  prior: ValueMap,
  config: ValueMap,
): Diagnostic[] {
  return attributes.flatMap((one) => {
    const partners = one.role === 'value' ? one.field?.definition.resendWith : undefined
    if (partners === undefined || prior === null) return []
    const moved = changed.find((other) => other.field !== undefined && partners.includes(other.field.name))
    const isGiven = [one.name, `${one.name}_wo`].some((name) => config[name] !== null && config[name] !== undefined)
    if (moved === undefined || isGiven) return []
    return [
      {
        severity: 'error' as const,
        summary: `The ${kind.title} needs "${one.name}" again`,
        detail: `${moved.name} changes, and a stored secret is never sent to a new destination on its own. Give ${one.name}_wo, or ${one.name}.`,
        path: [moved.name],
      },
    ]
  })
}

/** The secrets that have to be sent although the API cannot show that they differ: new ones, or ones of a new version. */
export function renewedSecrets(
  attributes: readonly TerraformAttribute[],
  prior: ValueMap | null,
  planned: ValueMap,
  prefix = '',
): string[] {
  return attributes.flatMap((one) => {
    const [before, after] = [prior?.[one.name] ?? null, planned[one.name] ?? null]
    if (one.nested?.nesting === 'single' && isMap(after))
      return renewedSecrets(
        one.nested.attributes,
        isMap(before) ? before : null,
        after,
        `${prefix}${one.field?.name ?? ''}.`,
      )
    const isSecret = one.field?.definition.secret === true && (one.role === 'value' || one.role === 'version')
    if (!isSecret || after === null || after instanceof Unknown || before === after) return []
    return [`${prefix}${one.field?.name ?? ''}`]
  })
}
