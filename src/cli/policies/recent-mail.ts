import { apis } from '../../apis/index.ts'
import type { DraftGate } from '../../engine/gates/draft-gate.ts'
import { formatAddress, qualify } from '../../model/address.ts'
import type { Spec } from '../../model/desired/spec.ts'
import { apiNamed } from '../../model/kind/api.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import type { Change } from '../../model/run/change.ts'
import type { Live } from '../../model/run/live.ts'
import type { Days, TrafficRow } from '../../model/traffic/traffic.ts'
import type { Send } from '../../model/wire.ts'
import { numberText } from '../traffic/counts.ts'
import { dayOf } from '../traffic/days.ts'
import type { AccountMail } from './account-mail.ts'
import { stoppedSending } from './stopped-sending.ts'

/** What counts as lately. */
const DAYS = 7
const DAY_MS = 86_400_000

/** What was sent lately, for a plan. */
export interface RecentMail {
  /** Messages that go with what a change is about; undefined where no report tells of its kind. */
  readonly sentOf: (change: Change) => number | undefined
  /** Gates for what is in use and goes, and for what could no longer send. */
  readonly gates: (changes: readonly Change[], live: Live) => readonly DraftGate[]
}

/** Asks each account of a spec for the last seven days: three calls each. Throws `ApiError`. */
export async function readRecentMail(
  spec: Spec,
  { send, signal, now }: { readonly send: Send; readonly signal: AbortSignal; readonly now: Date },
): Promise<RecentMail> {
  const days: Days = { first: dayOf(new Date(now.getTime() - (DAYS - 1) * DAY_MS)), last: dayOf(now) }
  const names = new Set(spec.scopes.map(({ scope }) => scope.account))
  const accounts = [...spec.accounts.values()].filter(({ name }) => names.has(name))
  const found = await Promise.all(
    accounts.map(async ({ name, api }): Promise<AccountMail[]> => {
      const { traffic: load, mail } = apiNamed(apis, api)
      const traffic = await load?.()
      if (traffic === undefined || mail === undefined) return []
      const of = (by: 'user' | 'domain' | 'sender') =>
        traffic.history((request) => send(name, request, signal), days, by)
      const [users, domains, senders] = await Promise.all([of('user'), of('domain'), of('sender')])
      return [{ account: name, mail, traffic, users, domains, senders }]
    }),
  )
  const all = found.flat()
  const sentOf = (change: Change) => {
    const here = all.find(({ account }) => account === change.scope.account)
    return here === undefined ? undefined : sentBy(change, here)
  }
  return {
    sentOf,
    gates: (changes, live) => [
      ...changes.flatMap((change) => inUse(change, sentOf(change) ?? 0)),
      ...stoppedSending(changes, live, all, now),
    ],
  }
}

function sentBy(change: Change, { mail, traffic, users, domains, senders }: AccountMail): number | undefined {
  const { kind } = change
  const live: LiveObject | undefined = 'live' in change ? change.live : undefined
  const key = live?.key ?? change.key
  const sum = (rows: readonly TrafficRow[], name: string) =>
    rows.reduce((total, row) => total + (row.name.toLowerCase() === name.toLowerCase() ? row.counts.sent : 0), 0)
  switch (kind.name) {
    case mail.user?.kind:
      return sum(users, key)
    case mail.key?.kind:
      return live === undefined ? 0 : sum(users, traffic.shortKey(live.id))
    case mail.domainKind:
      return sum(domains, key)
    case mail.senderKind:
      return sum(senders, key)
    default:
      return undefined
  }
}

/** What has mail of these days and is deleted, shut off or renamed. */
function inUse(change: Change, sent: number): DraftGate[] {
  const what = sent === 0 ? undefined : fateOf(change)
  if (what === undefined) return []
  const key = 'live' in change && change.live !== undefined ? change.live.key : change.key
  const name = change.kind.singleton === undefined ? formatAddress(change.kind.name, key) : change.address
  const address = qualify(change.scope, name)
  return [
    {
      code: 'IN_USE',
      reason: `${address} would be ${what}, and ${numberText(sent)} ${sent === 1 ? 'message' : 'messages'} went with it in the last ${DAYS} days`,
      addresses: [address],
      about: `${change.scope.account} ${change.kind.name}`,
    },
  ]
}

function fateOf(change: Change): string | undefined {
  if (change.action === 'delete') return 'deleted'
  if (change.action !== 'update') return undefined
  const { retire } = change.kind.twin ?? {}
  if (retire !== undefined && change.fields.some(({ path, after }) => path === retire.field && after === retire.is))
    return 'shut off'
  return change.kind.singleton === undefined && change.live.key !== change.key
    ? `renamed to "${change.key}"`
    : undefined
}
