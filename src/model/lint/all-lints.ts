import { dnsLints } from './dns.ts'
import type { Lint } from './lint.ts'
import { lints } from './lints.ts'

/** Every lint, those that need DNS as well, in the order in which they are documented. */
export const allLints: readonly Lint[] = [...lints, ...dnsLints]
