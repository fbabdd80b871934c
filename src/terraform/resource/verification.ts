import { setTimeout as sleep } from 'node:timers/promises'
import { smtp2goApi } from '../../apis/smtp2go/api.ts'
import { scopeWords } from '../../engine/wire/names.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import { canonicalDomain } from '../../model/value/formats.ts'
import { parsePeriod } from '../../model/value/period.ts'
import { orDiagnostic } from '../attributes/diagnostics.ts'
import type { ProviderAccounts } from '../configuration/accounts.ts'
import type { Diagnostic, Schema, StateAnswer, Value, ValueMap } from '../protocol/plugin.ts'

/** Seconds between two looks, unless `interval` says otherwise. */
const INTERVAL = 15

/** A wait for a sender domain's DNS records: bounded, and nothing else waits for it unless it says so. */
export const verificationSchema: Schema = {
  version: 0,
  description:
    'Asks the service to check the DNS records of a sender domain, and waits until they are there or the time is up. It changes nothing: what must not wait for DNS should not depend on it.',
  attributes: [
    { name: 'domain', type: 'string', required: true, description: 'The sender domain.' },
    { name: 'subaccount', type: 'string', optional: true, description: 'The subaccount that it is in.' },
    {
      name: 'timeout',
      type: 'string',
      optional: true,
      description: 'How long to wait, such as `15 minutes` (which it is if left out).',
    },
    {
      name: 'interval',
      type: 'string',
      optional: true,
      description: 'How long between two looks, such as `00:00:15`.',
    },
    {
      name: 'fail',
      type: 'bool',
      optional: true,
      description: 'Whether time that is up is an error (true if left out) or a warning.',
    },
    { name: 'id', type: 'string', computed: true, description: 'The domain.' },
    { name: 'verified', type: 'bool', computed: true, description: 'Whether DKIM and the return path were found.' },
    { name: 'status', type: 'string', computed: true, description: 'What the last look said.' },
  ],
}

/** What is wrong with the times of a configuration. */
export function checkVerification(config: ValueMap): readonly Diagnostic[] {
  return ['timeout', 'interval'].flatMap((name) => {
    const value = config[name]
    if (typeof value !== 'string' || parsePeriod(value) !== undefined) return []
    return [
      {
        severity: 'error' as const,
        summary: 'This is not a period',
        detail: `"${value}" should be such as 15 minutes or 00:00:30.`,
        path: [name],
      },
    ]
  })
}

/** Verifies, waits, and says how it went. */
export async function verify(accounts: ProviderAccounts, kind: ResourceKind, planned: ValueMap): Promise<StateAnswer> {
  return await orDiagnostic<StateAnswer>(
    'The sender domain could not be verified',
    async () => {
      const { domain, scope } = target(accounts, kind, planned)
      const end = Date.now() + seconds(planned['timeout'], 900) * 1000
      const pause = Math.max(1, seconds(planned['interval'], INTERVAL)) * 1000
      for (;;) {
        await askFor(accounts, scope, domain)
        accounts.forget(kind, scope)
        const live = await accounts.find(kind, scope, domain)
        const state = stateOf(planned, domain, live)
        if (state['verified'] === true) return { state, diagnostics: [] }
        if (accounts.signal.aborted || Date.now() + pause > end)
          return { state: planned['fail'] === false ? state : null, diagnostics: [late(planned, domain, state)] }
        await sleep(pause, undefined, { signal: accounts.signal }).catch(() => undefined)
      }
    },
    (diagnostic) => ({ state: null, diagnostics: [diagnostic] }),
  )
}

/** What the service says of it now; no check is asked for. */
export async function readVerification(
  accounts: ProviderAccounts,
  kind: ResourceKind,
  state: ValueMap,
): Promise<StateAnswer> {
  return await orDiagnostic<StateAnswer>(
    'The sender domain could not be read',
    async () => {
      const { domain, scope } = target(accounts, kind, state)
      const live = await accounts.find(kind, scope, domain)
      return { state: live === undefined ? null : stateOf(state, domain, live), diagnostics: [] }
    },
    (diagnostic) => ({ state, diagnostics: [diagnostic] }),
  )
}

function target(accounts: ProviderAccounts, kind: ResourceKind, values: ValueMap) {
  const name = values['subaccount']
  const domain = String(values['domain'])
  return {
    domain: canonicalDomain(domain) ?? domain,
    scope: accounts.scopeOf(kind, typeof name === 'string' ? name : null),
  }
}

async function askFor(
  accounts: ProviderAccounts,
  scope: { readonly account: string; readonly subaccount: string | null },
  domain: string,
): Promise<void> {
  const id = await accounts.scopeId(scope)
  const body = { domain, ...scopeWords(smtp2goApi, id) }
  await accounts.send(scope.account, { method: 'POST', path: '/domain/verify', body, reads: false }, accounts.signal)
}

function stateOf(planned: ValueMap, domain: string, live: LiveObject | undefined): Record<string, Value> {
  const values = live?.values ?? {}
  const verified = values['dkimVerified'] === true && values['returnPathVerified'] === true
  const said = [values['dkimStatus'], values['returnPathStatus']].filter((one) => typeof one === 'string' && one !== '')
  return { ...planned, id: domain, verified, status: verified ? 'verified' : said.join('; ') }
}

function late(planned: ValueMap, domain: string, state: ValueMap): Diagnostic {
  const said =
    typeof state['status'] === 'string' && state['status'] !== '' ? ` The service says: ${state['status']}` : ''
  return {
    severity: planned['fail'] === false ? 'warning' : 'error',
    summary: `${domain} is not verified yet`,
    detail: `Its DNS records were not found in time. They may need a while to propagate; run apply again later.${said}`,
    path: ['domain'],
  }
}

function seconds(value: Value | undefined, usual: number): number {
  return typeof value === 'string' ? (parsePeriod(value) ?? usual) : usual
}
