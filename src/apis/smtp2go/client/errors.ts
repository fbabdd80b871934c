import { type About, callError, type Json, said } from '../../../http/body.ts'
import { isSecretName } from '../../../http/redact.ts'
import { isRecord } from '../../../model/json.ts'
import type { ApiError, ApiErrorKind } from '../../../model/wire.ts'

type FieldError = { readonly field: string; readonly message: string | undefined }

/** What an error answer says, whichever of its two shapes it has. */
type Refusal = {
  readonly text: string
  readonly code: string | undefined
  readonly fields: readonly FieldError[]
  readonly requestId: string | undefined
}

/** How the vendor ends what it says of a field. */
const ENDING = /[,.]?\s*please correct your json payload and try again\.?\s*$/i
const GONE = /\bdoes(n['’]t| not) exist\b|\bnot found\b|\bno\b.{0,60}\bmatching\b/i
const NOT_LISTED = /\b(isn['’]t|is not|not) (in|on) the IP allow list/i

/**
 * The error an answer of SMTP2GO stands for, or `undefined` if it is none. Errors come nested in `data` (the OpenAPI
 * documents and all captures) or flat (the page on response codes), and may come with status 200.
 */
export function smtp2goError(status: number, body: unknown, about: About, keyHint?: string): ApiError | undefined {
  const refusal = refusalIn(body)
  if (refusal === undefined) {
    if (status < 400) return undefined
    const kind = status >= 500 ? 'server' : (BY_STATUS[status] ?? 'shape')
    return callError(`${about.host} answered ${status} without saying why`, about, { kind, status })
  }
  const { kind, hint } = judge(status, refusal, about, keyHint)
  const { code, requestId } = refusal
  const field = refusal.fields[0]?.field
  return callError(messageOf(refusal, about), about, { kind, status, code, field, requestId, hint })
}

const BY_STATUS: Readonly<Record<number, ApiErrorKind>> = { 401: 'auth', 403: 'permission', 429: 'rate' }

function judge(
  status: number,
  refusal: Refusal,
  about: About,
  keyHint?: string,
): { kind: ApiErrorKind; hint?: string } {
  const { text, code } = refusal
  const { path } = about.request
  if (/an api user matching the passed/i.test(text)) {
    const region = `${about.host} was asked: a key belongs to one region, and other regions do not know it`
    return { kind: 'auth', hint: keyHint === undefined ? region : `${keyHint}; ${region}` }
  }
  if (code === 'ENDPOINT_PERMISSION_DENIED') {
    return { kind: 'permission', hint: `add "${path}" to the endpoints of the API key` }
  }
  if (NOT_LISTED.test(text) && (!path.startsWith('/ip_allow_list') || /\brequest\b/i.test(text))) {
    return {
      kind: 'auth',
      hint: 'add the address of this machine to the IP allow list of the API, or turn that list off',
    }
  }
  if (code === 'REQ_LIMIT_EXCEEDED' || status === 429) return { kind: 'rate' }
  if (code === 'INVALID_IN_PAYLOAD' && /\bapi key\b.{0,40}\bformat\b/i.test(text))
    return { kind: 'auth', hint: keyHint ?? 'the API key is malformed: "api-" and 32 letters or digits' }
  if (code === 'NON_VALIDATING_IN_PAYLOAD') return { kind: 'refused' }
  if (code === 'INVALID_IN_PAYLOAD' && (status === 401 || status === 403)) {
    return { kind: 'auth', hint: keyHint ?? 'the API key is absent or malformed' }
  }
  if (isGone(refusal, path)) return { kind: 'missing' }
  if (status >= 500) return { kind: 'server' }
  if (status === 402) return { kind: 'refused', hint: 'the plan of the account does not include this' }
  return { kind: BY_STATUS[status] ?? 'refused', ...(status === 404 ? { hint: 'is the URL that of the API?' } : {}) }
}

/** Whether the object itself is gone; a subaccount that is not found says nothing about what it holds. */
function isGone({ text, code }: Refusal, path: string): boolean {
  if (code !== undefined && code !== 'API_EXCEPTION') return false
  if (/subaccount/i.test(text) && !path.startsWith('/subaccount')) return false
  return GONE.test(text) || NOT_LISTED.test(text)
}

function refusalIn(body: unknown): Refusal | undefined {
  if (!isRecord(body)) return undefined
  const inner = isRecord(body['data']) && isError(body['data']) ? body['data'] : body
  if (!isError(inner)) return undefined
  const fields = fieldErrors(inner['field_validation_errors'])
  const code = textIn(inner, 'error_code')?.replace(/^.*\./, '')
  return {
    text: textIn(inner, 'error') ?? fields[0]?.message ?? code ?? 'an error without a text',
    code,
    fields,
    requestId: textIn(body, 'request_id') ?? textIn(inner, 'request_id'),
  }
}

function isError(part: Json): boolean {
  return typeof part['error_code'] === 'string' || (typeof part['error'] === 'string' && part['error'] !== '')
}

/** Documented as one object `{fieldname, message}`; seen as an array of them, and as a map of names to messages. */
function fieldErrors(value: unknown): readonly FieldError[] {
  if (Array.isArray(value)) return value.flatMap(fieldErrors)
  if (!isRecord(value)) return []
  const field = textIn(value, 'fieldname') ?? textIn(value, 'field')
  if (field !== undefined) return [{ field, message: textIn(value, 'message') }]
  return Object.entries(value).map(([name, message]) => ({
    field: name,
    message: typeof message === 'string' ? message : undefined,
  }))
}

function messageOf({ text, fields }: Refusal, about: About): string {
  const { request } = about
  const secret = fields.find(({ field }) => request.secrets?.includes(field) || isSecretName(field))
  if (secret !== undefined) {
    return `the API refuses the value of "${secret.field}" (its text may quote the value and is not shown)`
  }
  const details = fields.flatMap(({ field, message }) => {
    const detail = message === undefined ? '' : message.replace(ENDING, '').trim()
    return detail === '' ? [] : [detail.includes(field) ? detail : `${field}: ${detail}`]
  })
  if (details.length > 0) return said(details.join('; '), about) // the text in front of it is the same for every field
  const names = fields.flatMap(({ field }) => (text.includes(field) ? [] : [field]))
  return said([text, ...names].join('; '), about)
}

function textIn(part: Json, name: string): string | undefined {
  const value = part[name]
  return typeof value === 'string' ? value : undefined
}
