import { type Call, isOneCall } from '../../src/model/kind/call.ts'
import type { Fields } from '../../src/model/kind/field.ts'
import type { ResourceKind } from '../../src/model/kind/kind.ts'

/** The table of docs/ci.md: which calls a plan makes for each kind, and which an apply makes beside them. */
export function permissionTable(kinds: readonly ResourceKind[]): string {
  const rows = kinds.map(
    (kind) => `| \`${kind.name}\` | ${shown(kind, reads(kind, kinds))} | ${shown(kind, writes(kind))} |\n`,
  )
  return `| Kind | A plan calls | An apply calls, too |\n| --- | --- | --- |\n${rows.join('')}`
}

function reads(kind: ResourceKind, kinds: readonly ResourceKind[]): (Call | undefined)[] {
  const parents = kinds.find((one) => one.name === 'subaccounts')
  const needsParents = refersTo(kind.fields, 'subaccounts')
  return [kind.calls.list, kind.calls.view, needsParents ? parents?.calls.list : undefined]
}

function writes({ calls, members }: ResourceKind): (Call | undefined)[] {
  const { create, update, delete: gone, reopen } = calls
  const updates = update === undefined ? [] : isOneCall(update) ? [update] : Object.values(update)
  return [create, ...updates, members?.add, members?.edit, members?.remove, gone, reopen]
}

function shown({ api }: ResourceKind, calls: readonly (Call | undefined)[]): string {
  const texts = calls.flatMap((call) => {
    if (call === undefined) return []
    return [api.name === 'smtp2go' ? `\`${call.path}\`` : `\`${call.method} ${call.path}\``]
  })
  return [...new Set(texts)].join(' ')
}

function refersTo(fields: Fields, name: string): boolean {
  return Object.values(fields).some((field) => {
    if (field.refersTo === name) return true
    if (field.type === 'object') return refersTo(field.fields, name)
    return 'items' in field && refersTo({ items: field.items }, name)
  })
}
