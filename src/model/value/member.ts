import { isRecord } from '../json.ts'
import type { Members, ResourceKind } from '../kind/kind.ts'
import { canonical } from './canonical.ts'

/** What tells a member apart from the others. */
export function memberKey(members: Members, item: unknown): unknown {
  return members.key !== undefined && isRecord(item) ? item[members.key] : item
}

/** What tells a member of a kind's list apart, in its one form. */
export function memberText(kind: ResourceKind, item: unknown): string {
  const { members } = kind
  const field = members === undefined ? undefined : kind.fields[members.field]
  const key = members?.key !== undefined && isRecord(item) ? item[members.key] : item
  if (field === undefined || !('items' in field)) return String(key)
  const inner =
    field.items.type === 'object' && members?.key !== undefined ? field.items.fields[members.key] : field.items
  return String(inner === undefined ? key : canonical(inner, key))
}
