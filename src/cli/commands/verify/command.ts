import { defineCommand } from '../../program/define.ts'
import { FORMAT } from '../../program/shared-options.ts'

/** `mailconfig verify` */
export const verifyCommand = defineCommand({
  name: 'verify',
  summary: 'ask the service to verify sender domains whose DNS records are right',
  arguments: [{ name: '[domain...]', summary: 'sender domains (default: all)' }],
  options: {
    wait: { summary: 'ask again until all are verified', alone: '30m' },
    timeout: 'with --wait: for how long (default 30m)',
    resolver: 'resolver to ask, as IP[:PORT] (may be repeated; default: those of this machine)',
    nameserver: 'name server to ask instead of those of the domain, as IP[:PORT] (may be repeated)',
    ...FORMAT,
  },
  examples: [
    ['mailconfig verify', 'verify every domain that waits for it'],
    ['mailconfig verify shop.example --wait --timeout 1h', 'wait for the DNS records, then for the service'],
  ],
  run: async () => (await import('./verify.ts')).verify,
})
