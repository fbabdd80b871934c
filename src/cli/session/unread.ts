import type { Unread } from '../../engine/plan/unread.ts'
import { qualify } from '../../model/address.ts'
import { defined } from '../../model/json.ts'
import type { Position, Source } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import type { ApiError } from '../../model/wire.ts'
import { printable } from '../terminal/paint.ts'

/** Problems with their places. */
export function withPositions(problems: readonly Problem[], locate: (source: Source) => Position): Problem[] {
  return problems.map((problem) => ({
    ...problem,
    ...(problem.source === undefined ? {} : { at: locate(problem.source) }),
  }))
}

/** What could not be read, in words: which collections, which endpoint, what to do; one problem for one cause. */
export function unreadProblems(unread: readonly Unread[]): Problem[] {
  const causes = new Map<string, Unread[]>()
  for (const one of unread) {
    const cause = `${one.scope.account} ${one.error.kind} ${one.error.message}`
    causes.set(cause, [...(causes.get(cause) ?? []), one])
  }
  return [...causes.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const { error } = first
    const where = group.map(({ scope, kind }) => qualify(scope, kind)).join(', ')
    const verb = group.length === 1 ? 'is unknown, and nothing in it' : 'are unknown, and nothing in them'
    const call = error.path === '' ? '' : `${error.path}: `
    const status =
      error.status === undefined || !error.message.includes('is not shown') ? '' : ` (status ${error.status})`
    const request = error.requestId === undefined ? '' : ` (request ${error.requestId})`
    const hint = error.hint ?? adviceFor(error)
    const message = printable(`${where} ${verb} will be changed: ${call}${error.message}${status}${request}`)
    return [{ code: 'CANNOT_READ', message, ...defined({ hint }) }]
  })
}

/** What to do about an error whose API does not say. */
function adviceFor({ kind, account, path }: ApiError): string | undefined {
  switch (kind) {
    case 'auth':
      return `give the account "${account}" another credential`
    case 'permission':
      return `the credential of the account "${account}" works, and needs leave for ${path}`
    case 'network':
      return `check the url of the account "${account}", and whether this machine reaches it`
    case 'shape':
      return `is the url of the account "${account}" that of the API, and is no proxy in between?`
    case 'rate':
    case 'server':
      return 'try again later'
    case 'refused':
    case 'missing':
    case 'cancelled':
      return undefined
  }
}
