import type { Scope } from '../../model/address.ts'
import type { Account } from '../../model/desired/spec.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import { type Source, step } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import { UNKNOWN_API } from '../documents/accounts.ts'
import type { Document } from '../documents/document.ts'

/** The scope in which a document keeps a kind; without `problems` it only answers. */
export function scopeOf(
  document: Document,
  kind: ResourceKind,
  accounts: ReadonlyMap<string, Account>,
  problems?: Problem[],
): Scope | undefined {
  const fail = (code: string, message: string, source: Source, hint: string): undefined => {
    problems?.push({ code, message, source, hint })
  }
  const at = step(document.source, kind.name)
  const fitting = [...accounts.values()].filter((account) => account.api === kind.api.name)
  let account: Account | undefined
  if (document.account === undefined) {
    account = fitting[0]
    if (account === undefined && [...accounts.values()].some(({ api }) => api === UNKNOWN_API)) return undefined
    if (account === undefined)
      return fail(
        'NO_ACCOUNT',
        `"${kind.name}" needs a ${kind.api.name} account, and none is declared`,
        at,
        'declare one under accounts:',
      )
    if (fitting.length > 1)
      return fail(
        'NO_ACCOUNT',
        `"${kind.name}" could belong to ${fitting.map((one) => `"${one.name}"`).join(' or ')}`,
        at,
        'name it with account:',
      )
  } else {
    account = accounts.get(document.account)
    if (account === undefined) {
      const known = [...accounts.keys()].join(', ') || 'none'
      return fail(
        'NO_ACCOUNT',
        `there is no account "${document.account}"`,
        step(document.source, 'account'),
        `declared: ${known}`,
      )
    }
    if (account.api === UNKNOWN_API) return undefined
    if (account.api !== kind.api.name)
      return fail(
        'WRONG_SCOPE',
        `"${kind.name}" needs a ${kind.api.name} account, and "${account.name}" is a ${account.api} one`,
        at,
        'move it to a document of its own',
      )
  }
  if (document.subaccount === undefined) return { account: account.name, subaccount: null }
  if (kind.scope === 'account')
    return fail(
      'WRONG_SCOPE',
      `"${kind.name}" cannot be kept in the document of a subaccount: its API takes no ${kind.api.inner?.parameter ?? 'subaccount'}`,
      at,
      kind.api.inner === undefined || kind.api.inner.kind === kind.name
        ? 'move it to the document of the account'
        : 'declare an account of its own with an API key of that subaccount',
    )
  return { account: account.name, subaccount: document.subaccount }
}
