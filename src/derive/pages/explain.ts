import { largest } from '../../model/append.ts'
import type { Field, Fields } from '../../model/kind/field.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import { expectation } from '../schema/expectation.ts'
import { wordsOf } from '../schema/spec.ts'
import { matchedBy } from './ownership.ts'

/** All kinds, a line each. */
export function overviewText(kinds: readonly ResourceKind[]): string {
  const width = largest(kinds.map((kind) => kind.name.length))
  return `${kinds.map((kind) => `${kind.name.padEnd(width)}  ${kind.doc}`).join('\n')}\n`
}

/** What a kind is: what it is matched by, when it is deleted, what surprises, and its fields. */
export function kindText(kind: ResourceKind): string {
  const lines = [
    `${kind.name} (${kind.api.name})`,
    `  ${kind.doc}`,
    '',
    `  matched by  ${matchedBy(kind)}`,
    `  deleted     ${deletedWhen(kind)}`,
  ]
  lines.push(
    `  kept in     ${kind.scope === 'account' ? 'an account; not in the document of a subaccount' : 'an account or a subaccount'}`,
  )
  if (kind.notes !== undefined) lines.push('', ...kind.notes.map((note) => `  - ${note}`))
  lines.push('', '  Fields', ...fieldRows({ ...kind.fields, ...wordsOf(kind) }, '    '))
  return `${lines.join('\n')}\n`
}

/** When mailconfig deletes an object of this kind. */
export function deletedWhen(kind: ResourceKind): string {
  if (kind.calls.delete === undefined) return 'never: the API cannot'
  const verb = kind.deleteVerb === undefined ? '' : ` (the API calls it ${kind.deleteVerb})`
  if (kind.calls.delete.byWhat === 'secret') return `on "state: absent" alone, for it takes the whole key${verb}`
  return `on "state: absent", or when the spec does not name it and the section is authoritative, or owned and it is ours${verb}`
}

/** What a field is, at length. */
export function fieldText(path: string, field: Field): string {
  const inner = 'items' in field ? field.items : field
  const rows = inner.type === 'object' ? ['', '  Fields', ...fieldRows(inner.fields, '    ')] : []
  const lines = [path, `  ${field.doc}`, '', `  expects  ${expectation(field)}`]
  for (const flag of flagsOf(field)) lines.push(`  ${flag}`)
  return `${[...lines, ...rows].join('\n')}\n`
}

function fieldRows(fields: Fields, indent: string): string[] {
  const entries = Object.entries(fields)
  const width = largest(entries.map(([name]) => name.length))
  return entries.map(([name, field]) => {
    const flags = flagsOf(field)
    return `${indent}${name.padEnd(width)}  ${field.doc}${flags.length === 0 ? '' : ` [${flags.join('; ')}]`}`
  })
}

/** A field's flags, in words. */
export function flagsOf(field: Field): string[] {
  const flags: string[] = []
  if (field.required === true) flags.push('required')
  if (field.required === 'create') flags.push('needed to make one')
  if (field.computed === true) flags.push('given by the API')
  if (field.immutable === true) flags.push('cannot be changed')
  if (field.secret === true) flags.push('secret')
  if (field.writeOnly === true) flags.push('never read back')
  if (field.unreadable !== undefined) flags.push('not always shown by the API')
  if (field.refersTo !== undefined) flags.push(`names one of ${field.refersTo}`)
  if (field.resendWith !== undefined) flags.push(`sent again when ${field.resendWith.join(', ')} changes`)
  if (field.default !== undefined) flags.push(`default ${String(field.default)}`)
  return flags
}
