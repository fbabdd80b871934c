import { smtp2goApi } from '../../apis/smtp2go/api.ts'
import { isRecord } from '../../model/json.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import { ApiError } from '../../model/wire.ts'
import { apiDiagnostic, orDiagnostic } from '../attributes/diagnostics.ts'
import type { ProviderAccounts } from '../configuration/accounts.ts'
import type { Diagnostic, StateAnswer, Value, ValueMap } from '../protocol/plugin.ts'
import { type Figures, figuresOf } from './figures.ts'
import { GROUPS, PARTS } from './statistics-schema.ts'

type Part = (typeof PARTS)[number]
/** What one call found out, or why it did not. */
type Found = { readonly values: ValueMap } | { readonly diagnostic: Diagnostic }

const HISTORY = '/stats/email_history'
const UNREAD = { cycle: null, summary: null, bounces: null, spam: null, unsubscribes: null, history: null }

/** Reads what is asked for, side by side; each call that fails is said. `kind` is that of subaccounts. */
export async function readStatistics(
  accounts: ProviderAccounts,
  kind: ResourceKind,
  config: ValueMap,
): Promise<StateAnswer> {
  const { subaccount } = config
  if (typeof subaccount !== 'string')
    return await together(config, [...account(accounts, config), ...history(accounts, config)])
  return await orDiagnostic<StateAnswer>(
    'The subaccount could not be read',
    async () => {
      const live = await accounts.find(kind, accounts.scopeOf(kind, null), subaccount)
      if (live === undefined) return { state: null, diagnostics: [missing(subaccount)] }
      return await together(config, [...ofSubaccount(accounts, live, config), ...history(accounts, config, live)])
    },
    (diagnostic) => ({ state: null, diagnostics: [diagnostic] }),
  )
}

async function together(config: ValueMap, calls: readonly Promise<Found>[]): Promise<StateAnswer> {
  const found = await Promise.all(calls)
  const diagnostics = found.flatMap((one) => ('diagnostic' in one ? [one.diagnostic] : []))
  if (diagnostics.length > 0) return { state: null, diagnostics }
  const values = found.flatMap((one) => ('values' in one ? Object.entries(one.values) : []))
  return { state: { ...config, ...UNREAD, ...Object.fromEntries(values) }, diagnostics: [] }
}

/** The figures of the account: one call for all, or one for each part. */
function account(accounts: ProviderAccounts, config: ValueMap): Promise<Found>[] {
  const { username } = config
  const body = typeof username === 'string' ? { username } : {}
  const read = async (path: string, sent: ValueMap) => figuresOf(path, await ask(accounts, path, sent))
  const parts = partsOf(config)
  if (parts === undefined) {
    const hint = 'Or set "parts" to those that the key may read.'
    return [
      attempt('The summary could not be read', hint, async () => everything(await read('/stats/email_summary', body))),
    ]
  }
  const hint = 'Or leave it out of "parts".'
  const one: Record<Part, () => Promise<Value>> = {
    cycle: async () => cycle(await read('/stats/email_cycle', {})),
    bounces: async () => bounces(await read('/stats/email_bounces', body), 'emails'),
    spam: async () => spam(await read('/stats/email_spam', body), 'emails', 'spams'),
    unsubscribes: async () => unsubscribes(await read('/stats/email_unsubs', body), 'emails'),
  }
  return parts.map((part) =>
    attempt(`The part "${part}" could not be read`, hint, async () => ({ [part]: await one[part]() })),
  )
}

function everything(found: Figures): ValueMap {
  const { count } = found
  return {
    cycle: cycle(found),
    summary: {
      emails: count('email_count'),
      opens: count('opens'),
      clicks: count('clicks'),
      rejects: count('rejects'),
    },
    bounces: bounces(found, 'email_count'),
    spam: spam(found, 'email_count', 'spam_emails'),
    unsubscribes: unsubscribes(found, 'email_count'),
  }
}

function cycle({ count, time }: Figures): Value {
  const counts = { used: count('cycle_used'), remaining: count('cycle_remaining'), max: count('cycle_max') }
  return { start: time('cycle_start'), end: time('cycle_end'), ...counts }
}

function bounces({ count, percent }: Figures, emails: string): Value {
  const [soft, hard] = [count('softbounces'), count('hardbounces')]
  return { emails: count(emails), total: soft + hard, soft, hard, percent: percent('bounce_percent') }
}

function spam({ count, percent }: Figures, emails: string, total: string): Value {
  return { emails: count(emails), total: count(total), percent: percent('spam_percent') }
}

function unsubscribes({ count, percent }: Figures, emails: string): Value {
  return { emails: count(emails), total: count('unsubscribes'), percent: percent('unsubscribe_percent') }
}

/** The figures of a subaccount: its plan, and its line in a history by subaccount. */
function ofSubaccount(accounts: ProviderAccounts, live: LiveObject, config: ValueMap): Promise<Found>[] {
  const parts = partsOf(config)
  const wanted = (part: Part) => parts === undefined || parts.includes(part)
  const { limit, used, remaining } = live.values
  const plan = figuresOf('/subaccounts/search', { limit, used, remaining })
  const calls: Promise<Found>[] = []
  if (wanted('cycle'))
    calls.push(
      attempt('The plan of the subaccount could not be read', '', async () => {
        const counts = { used: plan.count('used'), remaining: plan.count('remaining'), max: plan.count('limit') }
        return { cycle: { start: null, end: null, ...counts } }
      }),
    )
  if (PARTS.some((part) => part !== 'cycle' && wanted(part)))
    calls.push(
      attempt('The figures of the subaccount could not be read', 'Or set "parts" to ["cycle"].', async () => {
        const body = { group_by: 'subaccount', subaccounts: [live.id] }
        const row = subaccountRow(await rows(accounts, body), live.key)
        const found = Object.entries(subaccountParts(row))
        return Object.fromEntries(
          found.filter(([name]) => parts === undefined || PARTS.some((part) => part === name && parts.includes(part))),
        )
      }),
    )
  return calls
}

/** The line of a subaccount; none means that it sent nothing, another one that the answer is not understood. */
function subaccountRow(found: readonly unknown[], name: string): Figures {
  const nothing = { ...{ used: 0, opens: 0, clicks: 0, rejects: 0, bounces: 0, spam: 0, unsubscribes: 0 }, ...NO_SHARE }
  if (found.length === 0) return figuresOf(HISTORY, nothing)
  const [row, more] = found
  const figures = figuresOf(HISTORY, row)
  if (more === undefined && figures.text('subaccount') === name) return figures
  throw figures.misfit(`one line about "${name}"`)
}

const NO_SHARE = { bounce_percent: 0, spam_percent: 0, unsubscribe_percent: 0 }

function subaccountParts({ count, maybe }: Figures): ValueMap {
  const emails = count('used')
  return {
    summary: { emails, opens: maybe('opens'), clicks: maybe('clicks'), rejects: maybe('rejects') },
    bounces: { emails, total: maybe('bounces'), soft: null, hard: null, percent: maybe('bounce_percent') },
    spam: { emails, total: maybe('spam'), percent: maybe('spam_percent') },
    unsubscribes: { emails, total: maybe('unsubscribes'), percent: maybe('unsubscribe_percent') },
  }
}

/** The history, if it is asked for. */
function history(accounts: ProviderAccounts, config: ValueMap, live?: LiveObject): Promise<Found>[] {
  const by = Object.entries(GROUPS).find(([word]) => word === config['history_by'])?.[1]
  if (by === undefined) return []
  const { history_from: from, history_until: until } = config
  const body = {
    group_by: by,
    ...(typeof from === 'string' ? { start_date: from } : {}),
    ...(typeof until === 'string' ? { end_date: until } : {}),
    ...(live === undefined ? {} : { subaccounts: [live.id] }),
  }
  return [
    attempt('The history could not be read', 'Or leave out "history_by".', async () => ({
      history: (await rows(accounts, body)).map((row) => historyRow(row, by)),
    })),
  ]
}

async function rows(accounts: ProviderAccounts, body: ValueMap): Promise<readonly unknown[]> {
  const found = await ask(accounts, HISTORY, body)
  if (isRecord(found) && Array.isArray(found['history'])) return found['history']
  throw figuresOf(HISTORY, found).misfit('a history')
}

function historyRow(row: unknown, by: string): Value {
  const { count, maybe, text } = figuresOf(HISTORY, row)
  const given = isRecord(row) ? row : {}
  const counts = ['bounces', 'clicks', 'opens', 'rejects', 'spam', 'unsubscribes']
  const shares = ['bounce', 'open', 'reject', 'spam', 'unsubscribe'].map((name) => `${name}_percent`)
  const { description, domain_verified: verified, lastip } = given
  return {
    name: text(by),
    description: typeof description === 'string' ? description : null,
    domain_verified: typeof verified === 'boolean' ? verified : null,
    emails: count('used'),
    bytes: count('bytecount'),
    average_size: count('avgsize'),
    last_ip: typeof lastip === 'string' ? lastip : null,
    ...Object.fromEntries([...counts, ...shares].map((name) => [name, maybe(name)])),
  }
}

function partsOf({ parts }: ValueMap): readonly Part[] | undefined {
  return Array.isArray(parts) ? PARTS.filter((part) => parts.includes(part)) : undefined
}

async function ask(accounts: ProviderAccounts, path: string, body: ValueMap): Promise<unknown> {
  return await accounts.send(smtp2goApi.account, { method: 'POST', path, body, reads: true }, accounts.signal)
}

async function attempt(summary: string, hint: string, work: () => Promise<ValueMap>): Promise<Found> {
  try {
    return { values: await work() }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const said = apiDiagnostic(summary, error)
    return { diagnostic: error.kind === 'permission' ? { ...said, detail: `${said.detail} ${hint}`.trimEnd() } : said }
  }
}

function missing(name: string): Diagnostic {
  const detail = `The account has no "${name}".`
  return { severity: 'error', summary: 'There is no such subaccount', detail, path: ['subaccount'] }
}
