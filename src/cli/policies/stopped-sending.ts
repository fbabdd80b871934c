import type { DraftGate } from '../../engine/gates/draft-gate.ts'
import type { Change } from '../../model/run/change.ts'
import type { Live } from '../../model/run/live.ts'
import type { TrafficRow } from '../../model/traffic/traffic.ts'
import { judge } from '../../policy/judge.ts'
import type { Policy, SignIn } from '../../policy/state/policy.ts'
import type { AccountMail } from './account-mail.ts'
import { livePolicies, policiesAfter } from './policies.ts'

/** Nobody's address: what is said of it holds for any recipient that no list names. */
const SOMEBODY = 'somebody@passes.invalid'

/** A login that sent lately, as the model names it, and the address it came from. */
interface Active {
  readonly as: SignIn
  readonly name: string
  readonly sent: number
  readonly ip?: string
}

/** The gates for logins, senders and networks that sent lately, and could no longer once the changes are made. */
export function stoppedSending(
  changes: readonly Change[],
  live: Live,
  all: readonly AccountMail[],
  now: Date,
): DraftGate[] {
  if (all.length === 0 || changes.every(({ action }) => action === 'noop')) return []
  const before = livePolicies(live)
  const after = policiesAfter(live, changes, 'exact')
  return all.flatMap((mail) =>
    [...before].flatMap(([scope, was]) => {
      const is = after.get(scope)
      if (is === undefined || (scope !== mail.account && !scope.startsWith(`${mail.account}/`))) return []
      const logins = activeLogins(was, mail, live)
      return stopped(was, is, logins, mail, now).map((reason) => ({
        code: 'SENDING_STOPS',
        reason: `${scope}: ${reason}`,
        addresses: [],
        about: `${scope} sending`,
      }))
    }),
  )
}

function stopped(was: Policy, is: Policy, logins: readonly Active[], mail: AccountMail, now: Date): string[] {
  const to = [SOMEBODY, ...[was, is].flatMap(anybodyOf)]
  const senders = mail.senders.filter(({ counts, name }) => counts.sent > 0 && name !== '')
  const passes = (policy: Policy, { as, ip }: Active, from: string, isAnywhere: boolean) =>
    judge(policy, {
      as,
      from,
      to,
      at: now.getTime(),
      ...(isAnywhere || ip === undefined ? {} : { ip }),
    }).recipients.some(({ fate }) => fate === 'delivered' || fate === 'queued')
  const any = (policy: Policy, some: readonly Active[], of: readonly TrafficRow[], isAnywhere: boolean) =>
    some.some((login) => of.some(({ name }) => passes(policy, login, name, isAnywhere)))
  const ends = (some: readonly Active[], of: readonly TrafficRow[], isAnywhere = true) =>
    any(was, some, of, isAnywhere) && !any(is, some, of, isAnywhere)
  const lostLogins = logins.filter((login) => ends([login], senders))
  const lostNetworks = logins.filter(
    (one) => one.ip !== undefined && !lostLogins.includes(one) && ends([one], senders, false),
  )
  const lostSenders = senders.filter((sender) => ends(logins, [sender]) && !ends(logins, senders))
  return [
    ...lostLogins.map(({ name, sent }) => `${name} could no longer send, and sent ${sent} messages in the last 7 days`),
    ...lostNetworks.map(({ name, ip }) => `${name} could no longer send from ${ip}, its last address`),
    ...lostSenders.map(
      ({ name, counts }) =>
        `nobody could send as ${name} any more, which sent ${counts.sent} messages in the last 7 days`,
    ),
  ]
}

/** An address that the list of recipients has, where it has any. */
function anybodyOf({ recipients: { entries } }: Policy): string[] {
  const [first] = entries
  return first === undefined ? [] : [first.includes('@') ? first : `somebody@${first}`]
}

/** The logins of a policy that have mail of these days. */
function activeLogins(policy: Policy, { users, mail, traffic }: AccountMail, live: Live): Active[] {
  const keys = live.get(policy.scope)?.collections.get(mail.key?.kind ?? '')
  const keyNames = new Map(
    keys?.known === true ? keys.objects.map(({ id, key }) => [traffic.shortKey(id), key] as const) : [],
  )
  return users.flatMap(({ name, counts, lastIp }): Active[] => {
    if (counts.sent === 0) return []
    const about = { sent: counts.sent, ...(lastIp === undefined || lastIp === '' ? {} : { ip: lastIp }) }
    if (policy.users.has(name)) return [{ as: { by: 'user', name }, name, ...about }]
    const key = keyNames.get(name)
    if (key !== undefined && policy.keys.has(key)) return [{ as: { by: 'key', name: key }, name: key, ...about }]
    return policy.addresses.has(name) ? [{ as: { by: 'ip' }, name, sent: counts.sent, ip: name }] : []
  })
}
