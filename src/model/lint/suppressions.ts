import type { Lint } from './lint.ts'

/** What is odd about addresses that get no mail. */
export const suppressionLints = [
  {
    code: 'SUPPRESSED_OWN_DOMAIN',
    severity: 'warning',
    says: 'A declared sender domain is suppressed as a whole: no mail reaches your own people, copies and bounces included.',
    fix: 'Suppress single addresses of it, or remove the suppression.',
    example: `senderDomains:
  - domain: shop.example
suppressions:
  - shop.example
`,
  },
] as const satisfies readonly Lint[]
