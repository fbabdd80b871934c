import { formatScope, type Scope } from '../../model/address.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import type { Loaded, Spec } from '../../model/desired/spec.ts'
import type { Fields, Values } from '../../model/kind/field.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import { step } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import type { Live } from '../../model/run/live.ts'
import { closest } from '../../model/text/closest.ts'

/** The lists in which names of these values have to be looked up. */
export function lookupsOf({ fields, lookups = [] }: ResourceKind, values: Values): readonly ResourceKind[] {
  if (lookups.length === 0) return []
  const names = new Set(namesIn(fields, values).map(({ list }) => list))
  return lookups.filter(({ name }) => names.has(name))
}

/** Where the lists of an account are: a subaccount has none of its own. */
export function lookupScope(scope: Scope): Scope {
  return { ...scope, subaccount: null }
}

/** A spec in which numbers stand where people wrote names, as far as the lists were read; and the names that no list has. */
export function withNumbers(spec: Spec, live: Live): { readonly spec: Spec; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  let isChanged = false
  const objects = spec.objects.map((object) => {
    if (lookupsOf(object.kind, object.values).length === 0) return object
    isChanged = true
    return { ...object, values: numbered(object, live, problems) }
  })
  return { spec: isChanged ? { ...spec, objects } : spec, problems }
}

/** For who reads no account: a spec that needs one to know what its names stand for is refused. */
export async function withoutNames(loaded: Loaded): Promise<Loaded> {
  if (!loaded.ok) return loaded
  const problems = loaded.spec.objects.flatMap(({ kind, values, source }) =>
    namesIn(kind.fields, values).map(({ field, name }) => ({
      code: 'NUMBER_NEEDED',
      message: `"${name}" is a name, and this command does not look up its number`,
      hint: 'write the number: "mailconfig check" lists names and numbers',
      source: step(source, field),
    })),
  )
  if (problems.length === 0) return loaded
  const locate = await loaded.locate()
  return { ok: false, problems: problems.map((one) => ({ ...one, at: locate(one.source) })) }
}

function numbered(object: DesiredObject, live: Live, problems: Problem[]): Values {
  const { kind, scope, values, source } = object
  const result: Record<string, unknown> = { ...values }
  for (const { field, list, name } of namesIn(kind.fields, values)) {
    const collection = live.get(formatScope(lookupScope(scope)))?.collections.get(list)
    if (collection?.known !== true) continue
    const found = collection.objects.filter(({ key }) => key === name)
    const [only] = found
    if (only !== undefined && found.length === 1) result[field] = Number(only.id)
    else {
      const title = kind.lookups?.find((one) => one.name === list)?.title ?? list
      problems.push({ ...problemOf(title, name, found, collection.objects), source: step(source, field) })
    }
  }
  return result
}

function problemOf(title: string, name: string, found: readonly LiveObject[], all: readonly LiveObject[]) {
  const numbers = found.map(({ id }) => id).join(' or ')
  if (found.length > 1)
    return {
      code: 'UNKNOWN_REFERENCE',
      message: `${found.length} of the account's ${title}s are called "${name}"`,
      hint: `write the number: ${numbers}`,
    }
  const near = closest(
    name,
    all.map(({ key }) => key),
  )
  const names = all.map(({ key, id }) => `${key} (${id})`).join(', ')
  const known = all.length === 0 ? 'the account has none' : `it has ${names}`
  return {
    code: 'UNKNOWN_REFERENCE',
    message: `the account has no ${title} "${name}"`,
    hint: near === undefined ? known : `did you mean "${near}"?`,
  }
}

/** The fields of an entry that name something by a text and are sent as a number. */
function namesIn(fields: Fields, values: Values) {
  return Object.entries(values).flatMap(([field, value]) => {
    const list = fields[field]?.namedIn
    return list !== undefined && typeof value === 'string' ? [{ field, list, name: value }] : []
  })
}
