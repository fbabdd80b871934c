import type { EndpointLimit } from '../../../model/transport.ts'
import { smtp2goApi } from '../api.ts'

/** The limits SMTP2GO documents for single endpoints. */
export const SMTP2GO_LIMITS: readonly EndpointLimit[] = smtp2goApi.limits
