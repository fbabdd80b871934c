import { type Answer, retryHeaders } from '../../../../emulator/world/call.ts'
import type { Settings } from '../state/settings.ts'

type Code =
  | 'API_EXCEPTION'
  | 'ENDPOINT_PERMISSION_DENIED'
  | 'INVALID_IN_PAYLOAD'
  | 'NON_VALIDATING_IN_PAYLOAD'
  | 'NOT_FOUND'
  | 'REQ_LIMIT_EXCEEDED'

/** Why a call is refused; without a status it is that of the setting `exceptionStatus`. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: Code
  readonly status: number | undefined
  readonly field: string | undefined
  constructor(message: string, code: Code = 'API_EXCEPTION', status?: number, field?: string) {
    super(message)
    this.code = code
    this.status = status
    this.field = field
  }
}

/** What `error` says of a field that does not fit; which one it is stands beside it. */
const GENERAL =
  'An error occurred processing the json data you sent: a field is not what this endpoint takes. The details are in field_validation_errors.'

/** The answer to a refused call. */
export function refuse(refusal: Refusal, settings: Settings, requestId: string): Answer {
  const status = refusal.status ?? settings.exceptionStatus
  const isGeneral = refusal.field !== undefined && settings.validationError === 'general'
  const data = {
    error: isGeneral ? GENERAL : refusal.message,
    error_code: `E_ApiResponseCodes.${refusal.code}`,
    field_validation_errors:
      refusal.field === undefined ? undefined : { fieldname: refusal.field, message: refusal.message },
  }
  const body = settings.errorShape === 'flat' ? { request_id: requestId, ...data } : { request_id: requestId, data }
  return { status, body, headers: status === 429 ? retryHeaders(settings) : {} }
}
