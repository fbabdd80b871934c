import { isRecord } from '../../model/json.ts'
import type { Field, Fields, Values } from '../../model/kind/field.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import { type Source, step } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import { Secret } from '../../model/secret.ts'
import { oddities } from '../../model/text/visible.ts'
import { canonical, canonicalText } from '../../model/value/canonical.ts'
import { canonicalUrl } from '../../model/value/formats.ts'
import { meantNetwork } from '../../model/value/network.ts'
import { formatPeriod, parsePeriod } from '../../model/value/period.ts'

/** An entry's values in the one form that is compared, secrets in their boxes, the words of the entry left out. */
export function finishEntry(
  kind: ResourceKind,
  values: Readonly<Record<string, unknown>>,
  source: Source,
  problems: Problem[],
): Values {
  const result = finishFields(kind.fields, values, source, problems)
  const member = kind.members
  const list = member === undefined ? undefined : result[member.field]
  if (member?.key !== undefined && Array.isArray(list)) checkMembers(list, member.field, member.key, source, problems)
  return result
}

function finishFields(
  fields: Fields,
  values: Readonly<Record<string, unknown>>,
  source: Source,
  problems: Problem[],
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const name in values) {
    const field = fields[name]
    const value = values[name]
    if (field === undefined || value === undefined) continue
    if (field.type === 'integer' && field.clearable === true && (value === null || value === 'off')) result[name] = null
    else
      result[name] =
        isPlain(field) && !(value instanceof Secret) ? value : finishValue(field, value, step(source, name), problems)
  }
  return result
}

/** Most fields of a large spec need nothing done. */
function isPlain(field: Field): boolean {
  switch (field.type) {
    case 'boolean':
    case 'integer':
    case 'enum':
    case 'text':
    case 'record':
      return true
    case 'string':
      return field.format === undefined && field.secret !== true
    case 'set':
    case 'list':
    case 'object':
      return false
  }
}

function finishValue(field: Field, value: unknown, source: Source, problems: Problem[]): unknown {
  if (value instanceof Secret) return finishSecret(field, value, source, problems)
  if (typeof value === 'string') return finishText(field, value, source, problems)
  if (Array.isArray(value) && (field.type === 'set' || field.type === 'list')) {
    const items = value.map((item, at) => finishValue(field.items, item, step(source, at), problems))
    if (field.type === 'set') checkDistinct(field.items, items, source, problems)
    return items
  }
  return isRecord(value) && field.type === 'object' ? finishFields(field.fields, value, source, problems) : value
}

function finishText(field: Field, value: string, source: Source, problems: Problem[]): unknown {
  if (field.secret === true) return finishSecret(field, new Secret(value), source, problems)
  if (field.format === undefined || (field.clearable === true && value === '')) return value
  if (field.format === 'period') {
    const seconds = parsePeriod(value)
    if (seconds !== undefined && seconds > 0) return formatPeriod(seconds)
  } else {
    const one = canonicalText(field.format, value)
    if (one !== undefined) return one
  }
  problems.push({
    code: 'BAD_VALUE',
    message: `"${short(value)}" is not ${meaning(field)}`,
    ...hintFor(field, value),
    source,
  })
  return value
}

/** A secret as it is; an empty one is never meant: an API would generate an unknown password, or send none. */
function finishSecret(field: Field, value: Secret, source: Source, problems: Problem[]): Secret {
  if (value.reveal().trim() === '' && (field.secret === true || field.required === true))
    problems.push({
      code: 'EMPTY_SECRET',
      message: field.secret === true ? 'this secret is empty' : 'this value is empty',
      hint: 'is the variable, the file or the CI secret set? omit the field to leave the live value unchanged',
      source,
    })
  if (field.format !== 'url' || value.reveal().includes('${')) return value
  if (canonicalUrl(value.reveal()) === undefined) {
    problems.push({ code: 'BAD_VALUE', message: `"${short(value.toString())}" is not ${meaning(field)}`, source })
    return value
  }
  return value.rewritten((text) => canonicalUrl(text) ?? text)
}

/** A value as a message quotes it: visible, and not longer than a line. */
function short(value: string): string {
  return value.length > 80 ? `${value.slice(0, 80)}…` : value
}

/** What was probably meant. */
function hintFor({ format }: Field, value: string): { readonly hint?: string } {
  const odd = oddities(value)
  if (odd !== undefined) return { hint: `it contains ${odd}: retype it` }
  const network = format === 'cidr' ? meantNetwork(value) : undefined
  if (network !== undefined) return { hint: `did you mean "${network}"?` }
  if ((format === 'sender' || format === 'domain') && /^[*@.]/.test(value))
    return { hint: `for a whole domain, write only its name: ${value.replace(/^[*.@]+/, '')}` }
  return {}
}

function meaning(field: Field): string {
  switch (field.format) {
    case 'email':
      return 'an e-mail address'
    case 'domain':
      return 'a domain'
    case 'sender':
      return 'an e-mail address or a domain'
    case 'hostname':
      return 'a host name'
    case 'url':
      return 'an http or https URL'
    case 'cidr':
      return 'an IP address or a network without host bits'
    case 'period':
      return 'a period such as 1 hour'
    default:
      return 'valid'
  }
}

function checkDistinct(field: Field, items: readonly unknown[], source: Source, problems: Problem[]): void {
  const first = new Map<unknown, number>()
  items.forEach((item, at) => {
    const one = canonical(field, item)
    const before = first.get(one)
    if (before === undefined) first.set(one, at)
    else problems.push(twice(String(item), step(source, at), step(source, before)))
  })
}

function checkMembers(list: readonly unknown[], name: string, key: string, source: Source, problems: Problem[]): void {
  const first = new Map<string, number>()
  list.filter(isRecord).forEach((member, at) => {
    const text = String(member[key])
    const before = first.get(text)
    const place = step(source, name)
    if (before === undefined) first.set(text, at)
    else problems.push(twice(text, step(place, at), step(place, before)))
  })
}

function twice(text: string, source: Source, before: Source): Problem {
  const also = { message: 'first here', source: before }
  return { code: 'DUPLICATE_ITEM', message: `"${text}" is listed twice`, source, also }
}
