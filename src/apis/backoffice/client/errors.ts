import { type About, callError, said } from '../../../http/body.ts'
import { isSecretName } from '../../../http/redact.ts'
import { isRecord } from '../../../model/json.ts'
import type { ApiError, ApiErrorKind } from '../../../model/wire.ts'

/** How to come by a token. */
export const TOKEN_HINT =
  'sign in with POST /api/v2/signin and give the access token in the environment variable that the account names'

const BY_STATUS: Readonly<Record<number, ApiErrorKind>> = {
  401: 'auth',
  403: 'permission',
  404: 'missing',
  429: 'rate',
}

/** The error for an answer of 400 or more. The vendor shows no error body, so every usual place is looked at. */
export function backofficeError(status: number, body: unknown, about: About, tokenHint?: string): ApiError {
  const kind = BY_STATUS[status] ?? (status >= 500 ? 'server' : 'refused')
  const { text, field } = refusalIn(body)
  const isSecret = field !== undefined && (about.request.secrets?.includes(field) || isSecretName(field))
  const message = isSecret
    ? `the API refuses the value of "${field}" (its text may quote the value and is not shown)`
    : text === undefined
      ? `${about.host} answered ${status} without saying why`
      : said(text, about)
  const hint = kind === 'auth' ? (tokenHint ?? TOKEN_HINT) : undefined
  return callError(message, about, { kind, status, field, hint })
}

function refusalIn(body: unknown): { text: string | undefined; field: string | undefined } {
  if (!isRecord(body)) return { text: typeof body === 'string' ? body : undefined, field: undefined }
  const error = body['error']
  const details = detailsIn(body['errors'] ?? (isRecord(error) ? error['errors'] : undefined))
  const main = [body['message'], error, isRecord(error) ? error['message'] : undefined].find(isText)
  const first = details[0]
  const text = first === undefined || main?.includes(first.text) ? main : joined(main, details)
  return { text, field: first?.field }
}

type Detail = { readonly field: string | undefined; readonly text: string }

/** `errors` as a map of fields to one or more texts, or as an array of texts or of objects. */
function detailsIn(errors: unknown): readonly Detail[] {
  if (isText(errors)) return [{ field: undefined, text: errors }]
  if (Array.isArray(errors)) return errors.flatMap(detailIn)
  if (!isRecord(errors)) return []
  return Object.entries(errors).flatMap(([field, value]) => {
    const texts = (Array.isArray(value) ? value : [value]).filter(isText)
    return texts.length === 0 ? [{ field, text: 'refused' }] : texts.map((text) => ({ field, text }))
  })
}

function detailIn(one: unknown): readonly Detail[] {
  if (isText(one)) return [{ field: undefined, text: one }]
  if (!isRecord(one)) return []
  const field = [one['field'], one['property'], one['propertyPath'], one['path']].find(isText)
  const text = [one['message'], one['error'], one['title'], one['detail']].find(isText)
  return text === undefined ? [] : [{ field, text }]
}

function joined(main: string | undefined, details: readonly Detail[]): string {
  const parts = details.map(({ field, text }) => {
    if (field !== undefined && isSecretName(field)) return `${field}: (not shown)`
    return field === undefined || text.includes(field) ? text : `${field}: ${text}`
  })
  return [main, ...parts].filter(isText).join('; ')
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
