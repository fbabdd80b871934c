import type { ResourceKind } from '../../src/model/kind/kind.ts'
import type { Memory } from '../../src/model/ledger/memory.ts'
import type { LedgerEntry } from '../../src/model/ledger/record.ts'
import { recordable } from '../../src/model/ledger/recordable.ts'
import { Secret } from '../../src/model/secret.ts'
import { memberText } from '../../src/model/value/member.ts'

/** An entry of the account "home". */
export function entry(
  kind: ResourceKind,
  id: string,
  fields: Readonly<Record<string, unknown>>,
  more: Partial<LedgerEntry> = {},
): LedgerEntry {
  return {
    subaccount: null,
    kind: kind.name,
    key: kind.singleton === undefined ? String(fields[kind.key]) : '',
    id,
    fields: recordable(kind.fields, fields),
    secrets: {},
    origin: 'made',
    run: 'r1',
    ...(kind.members === undefined ? {} : { members: members(kind, fields) }),
    ...more,
  }
}

function members(kind: ResourceKind, fields: Readonly<Record<string, unknown>>): string[] {
  const list = fields[kind.members?.field ?? '']
  return (Array.isArray(list) ? list : []).map((item: unknown) => memberText(kind, item))
}

/** A memory of entries as they are written here: a fingerprint is the secret itself. */
export function memory(entries: readonly LedgerEntry[], more: { readonly proves?: boolean } = {}): Memory {
  const of = (kind: string) => entries.filter((one) => one.kind === kind)
  return {
    knows: (account) => account === 'home',
    proves: (account) => account === 'home' && more.proves !== false,
    entry: (_scope, kind, key) => of(kind).find((one) => one.key === key),
    entries: (_scope, kind) => of(kind),
    isSame: (_account, recorded, secret) => (recorded === undefined ? undefined : recorded === secret.reveal()),
  }
}

/** A secret. */
export function hidden(value: string): Secret {
  return new Secret(value)
}
