import { senderRecords } from '../../dns/records/sender-domain.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import { canonicalDomain } from '../../model/value/formats.ts'
import { orDiagnostic } from '../attributes/diagnostics.ts'
import type { ProviderAccounts } from '../configuration/accounts.ts'
import type { Schema, StateAnswer, Value, ValueMap } from '../protocol/plugin.ts'

/** What records are for, in Terraform's words. */
const PURPOSES = { dkim: 'dkim', returnPath: 'return_path', tracking: 'tracking' } as const

/** The records that a sender domain needs, as the account says them. */
export const dnsSchema: Schema = {
  version: 0,
  description: 'The DNS records that a sender domain of the account needs, and whether the service has found each.',
  attributes: [
    { name: 'domain', type: 'string', required: true, description: 'The sender domain.' },
    { name: 'subaccount', type: 'string', optional: true, description: 'The subaccount that it is in.' },
    {
      name: 'records',
      description: 'The records, ready for a DNS resource.',
      computed: true,
      nested: {
        nesting: 'list',
        attributes: [
          { name: 'purpose', type: 'string', computed: true, description: 'dkim, return_path or tracking.' },
          { name: 'name', type: 'string', computed: true, description: 'The full name of the record.' },
          { name: 'type', type: 'string', computed: true, description: 'CNAME.' },
          { name: 'value', type: 'string', computed: true, description: 'What it has to point to.' },
          { name: 'verified', type: 'bool', computed: true, description: 'Whether the service has found it.' },
        ],
      },
    },
  ],
}

/** Reads the domain and answers its records. */
export async function readDnsRecords(
  accounts: ProviderAccounts,
  kind: ResourceKind,
  config: ValueMap,
): Promise<StateAnswer> {
  return await orDiagnostic<StateAnswer>(
    'The sender domain could not be read',
    async () => {
      const name = config['subaccount']
      const scope = accounts.scopeOf(kind, typeof name === 'string' ? name : null)
      const domain = canonicalDomain(String(config['domain'])) ?? String(config['domain'])
      const live = await accounts.find(kind, scope, domain)
      if (live === undefined)
        return {
          state: null,
          diagnostics: [
            {
              severity: 'error',
              summary: 'There is no such sender domain',
              detail: `The account has no "${domain}".`,
              path: ['domain'],
            },
          ],
        }
      const { values } = live
      const verified = { dkim: 'dkimVerified', returnPath: 'returnPathVerified', tracking: 'trackingVerified' } as const
      const records = senderRecords(domain, values).map(
        ({ purpose, name: label, type, value }): Value => ({
          purpose: PURPOSES[purpose],
          name: label,
          type,
          value,
          verified: values[verified[purpose]] === true,
        }),
      )
      return { state: { ...config, records }, diagnostics: [] }
    },
    (diagnostic) => ({ state: null, diagnostics: [diagnostic] }),
  )
}
