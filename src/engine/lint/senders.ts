import { formatScope } from '../../model/address.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import { canonicalEmail } from '../../model/value/formats.ts'
import type { Around, LintFinding } from './finding.ts'
import { isFreemail } from './freemail.ts'
import { loginsIn } from './logins.ts'
import { domainOf, isOurs, maySend, type Senders } from './senders-of.ts'

/** What is odd about who sends. */
export function senderFindings(around: Around): LintFinding[] {
  return [
    ...uncoveredProviders(around),
    ...uncoveredCopies(around),
    ...singleSenders(around),
    ...around.of('allowedSenders').flatMap((list) => shadowed(list, around.sendersFor(list))),
  ]
}

/** A provider that logs in as a declared user sends in the scope of that user; of any other one the scope is unknown. */
function uncoveredProviders({ of, senders, sendersFor }: Around): LintFinding[] {
  const users = of('smtpUsers')
  return of('providers').flatMap((provider): LintFinding[] => {
    const { sendFrom, username, enabled } = provider.values
    if (enabled === false || typeof sendFrom !== 'string') return []
    const own = users.filter((user) => user.values['username'] === username).map(sendersFor)
    const scopes = (own.length > 0 ? own : senders).filter(({ isDeclared }) => isDeclared)
    if (scopes.length === 0 || scopes.some((one) => maySend(one, sendFrom))) return []
    const message = `no sender that the spec declares covers "${sendFrom}", so mail from it is refused`
    return [{ code: 'UNCOVERED_SENDER', object: provider, path: ['sendFrom'], message }]
  })
}

const COPIES = { auditEmail: 'blind copies go', bounceNotifications: 'bounces go' } as const

/** Where copies and bounces go is asked of the whole account: a subaccount may send them to the people of its account. */
function uncoveredCopies(around: Around): LintFinding[] {
  return loginsIn(around).flatMap((login) => {
    const scopes = around.senders.filter(({ scope, isDeclared }) => isDeclared && scope.account === login.scope.account)
    return Object.entries(COPIES).flatMap(([field, what]): LintFinding[] => {
      const value = login.values[field]
      const address = typeof value === 'string' ? canonicalEmail(value) : undefined // no address: `from`, `drop`, nobody
      if (address === undefined || scopes.length === 0 || scopes.some((one) => isOurs(one, address))) return []
      const message = `${what} to "${address}", which no sender that the spec declares covers`
      return [{ code: 'UNCOVERED_SENDER', object: login, path: [field], message }]
    })
  })
}

function singleSenders({ of, sendersFor }: Around): LintFinding[] {
  return of('singleSenders').flatMap((object): LintFinding[] => {
    const { email } = object.values
    if (typeof email !== 'string') return []
    const domain = domainOf(email)
    const free = `"${domain}" is a free mail service: mail from "${email}" by this account is not signed by it`
    const twice = `the sender domain "${domain}" covers "${email}" already`
    return [
      ...(isFreemail(domain)
        ? [{ code: 'SINGLE_SENDER_FREEMAIL', object, path: ['email'], message: free } as const]
        : []),
      ...(sendersFor(object).domains.has(domain)
        ? [{ code: 'SINGLE_SENDER_REDUNDANT', object, path: ['email'], message: twice } as const]
        : []),
    ]
  })
}

/** A list that decides alone: of declared senders that may not send, or that nobody needs to be. */
function shadowed(object: DesiredObject, senders: Senders): LintFinding[] {
  const declared = [...senders.domains.keys(), ...senders.singles.keys()]
  const mode = senders.list?.mode
  const hit = mode === 'block' ? declared : declared.filter((one) => mode === 'allow' && !maySend(senders, one))
  if (hit.length === 0) return []
  const names = `${hit
    .slice(0, 3)
    .map((one) => `"${one}"`)
    .join(', ')}${hit.length > 3 ? ` and ${hit.length - 3} more` : ''}`
  const message =
    mode === 'block'
      ? `in the mode "block" anybody may send in "${formatScope(object.scope)}" who is not on the list: ${names} need not be verified`
      : `in the mode "allow" only the list may send, and it lacks ${names}`
  return [{ code: 'LIST_SHADOWS_DOMAIN', object, path: ['mode'], message }]
}
