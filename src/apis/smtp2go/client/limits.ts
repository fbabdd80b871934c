import type { EndpointLimit } from '../../../model/transport.ts'

/** The limits SMTP2GO documents for single endpoints, on their pages. */
export const SMTP2GO_LIMITS: readonly EndpointLimit[] = [
  { path: '/api_keys/add', calls: 5, perMs: 60_000 },
  { path: '/subaccount/add', calls: 50, perMs: 3_600_000 },
  { path: '/activity/search', calls: 60, perMs: 60_000 },
  { path: '/email/search', calls: 20, perMs: 60_000 },
]
