import type { Lint } from './lint.ts'

/** What is odd about lists that say who or what is let in. */
export const networkLints = [
  {
    code: 'LIST_TOO_WIDE',
    severity: 'warning',
    says: 'An IP allow list that is enabled has a network that no single company owns (wider than /16, in IPv6 than /32), or a list of allowed senders in the mode `allow` has the domain of a free mail service, at which anybody may have an address.',
    fix: 'List the addresses and networks, or the full addresses of senders, that are really used.',
    example: `ipAllowlist:
  smtp:
    enabled: true
    entries:
      - { address: 10.0.0.0/8, description: Office }
`,
  },
] as const satisfies readonly Lint[]
