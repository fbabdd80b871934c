import type { ChangeDocument, PlanDocument } from '../../../src/model/run/plan-document.ts'

type Part<T> = { readonly [K in keyof T]?: T[K] }

/** A change of a plan; what is not said is ordinary. */
export function change(parts: Part<ChangeDocument> = {}): ChangeDocument {
  const key = parts.key ?? 'billing-app'
  const kind = parts.kind ?? 'smtpUsers'
  return {
    address: `${kind}/${key}`,
    account: 'main',
    subaccount: null,
    kind,
    key,
    action: 'update',
    reason: 'spec',
    fields: [{ path: 'description', before: 'Invoices', after: 'More', sensitive: false }],
    source: { file: 'mailconfig.yaml', line: 8, column: 5 },
    risk: { level: 'low', why: [] },
    calls: 1,
    ...parts,
  }
}

/** A plan of some changes; its numbers follow from them. */
export function planOf(changes: readonly ChangeDocument[], parts: Part<PlanDocument> = {}): PlanDocument {
  const count = (action: ChangeDocument['action']) => changes.filter((one) => one.action === action).length
  return {
    formatVersion: '1.0',
    mailconfig: '0.1.0',
    specHash: `sha256:${'0'.repeat(64)}`,
    accounts: [{ name: 'main', api: 'smtp2go', url: 'https://eu-api.smtp2go.com/v3' }],
    changes,
    unmanaged: [],
    summary: {
      create: count('create'),
      update: count('update'),
      delete: count('delete'),
      noop: 3,
      unmanaged: parts.unmanaged?.length ?? 0,
      calls: changes.length,
    },
    gates: [],
    warnings: [],
    ...parts,
  }
}
