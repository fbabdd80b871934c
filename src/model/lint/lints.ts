import type { Lint } from './lint.ts'
import { loginLints } from './logins.ts'
import { networkLints } from './networks.ts'
import { senderLints } from './senders.ts'
import { suppressionLints } from './suppressions.ts'
import { templateLints } from './templates.ts'
import { webhookLints } from './webhooks.ts'

const table = [
  ...senderLints,
  ...loginLints,
  ...networkLints,
  ...webhookLints,
  ...templateLints,
  ...suppressionLints,
] as const

/** The code of a lint that needs nothing but the spec. */
export type LintCode = (typeof table)[number]['code']

/** Every lint, in the order in which they are documented. */
export const lints: readonly (Lint & { readonly code: LintCode })[] = table
