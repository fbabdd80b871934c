import { parseJsonExactly } from '../model/json.ts'
import { ApiError, type ApiErrorKind, type WireRequest } from '../model/wire.ts'
import type { Answer } from './answer.ts'
import { type Forbidden, mayShow, repeats, scrub } from './redact.ts'

/** What every error of a call says about it. */
export type About = {
  readonly account: string
  readonly host: string
  readonly request: WireRequest
  readonly forbidden: Forbidden
}

/** A JSON object whose fields are not known yet. */
export type Json = Readonly<Record<string, unknown>>

/** Stands where the words of the API may quote a secret that nobody could find in them. */
const NOT_SHOWN = 'the API answers with an error (its text may quote a short secret and is not shown)'
/** No more characters of an API's text are shown. */
const MOST_SHOWN = 300
/** A code in the form of the vendors' own: of several words, and so no short secret. */
const CODE = /^[A-Z]+(_[A-Z]+)+$/

/** Words of the API, as a message may show them. */
export function said(text: string, { forbidden }: About): string {
  if (!mayShow(forbidden)) return NOT_SHOWN
  const safe = scrub(text, forbidden)
  return repeats(safe, forbidden) ? NOT_SHOWN : shortened(safe)
}

/** A text that is cut at a word. */
function shortened(text: string): string {
  if (text.length <= MOST_SHOWN) return text
  const cut = text.slice(0, MOST_SHOWN)
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), MOST_SHOWN - 60))} …`
}

/**
 * An error of a call; what the API said in its message went through `said`. A change that got no good answer is ambiguous.
 */
export function callError(
  message: string,
  about: About,
  details: {
    kind: ApiErrorKind
    status?: number | undefined
    code?: string | undefined
    field?: string | undefined
    requestId?: string | undefined
    hint?: string | undefined
  },
): ApiError {
  const { account, request, forbidden } = about
  const { method, path, reads } = request
  const ambiguous = !reads && (details.kind === 'shape' || details.kind === 'server')
  const trusted = mayShow(forbidden)
  const safe = (text: string | undefined, isPlain: (text: string) => boolean) =>
    text === undefined || !(trusted || isPlain(text)) ? undefined : scrub(text, forbidden).slice(0, 500)
  const sent = namesIn(request.body)
  const words = {
    code: safe(details.code, (text) => CODE.test(text)),
    // the name of a field that was sent is shown as it is: hidden, it would tell of a secret that reads the same
    field: details.field !== undefined && sent.has(details.field) ? details.field : safe(details.field, () => false),
    requestId: safe(details.requestId, (text) => /^[\da-f-]{16,64}$/i.test(text)),
  }
  return new ApiError(message, { ...details, ...words, account, method, path, ambiguous })
}

/** The names of fields in a body, at any depth. */
function namesIn(body: unknown): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (part: unknown) => {
    if (typeof part !== 'object' || part === null) return
    for (const [name, inner] of Object.entries(part)) {
      found.add(name)
      visit(inner)
    }
  }
  visit(body)
  return found
}

/** The JSON of an answer; throws `ApiError` if it is none, by its status or else of kind `shape`. */
export function readJson(answer: Answer, about: About): unknown {
  const { status, headers, text } = answer
  const type = headers['content-type']
  const fail = (what: string) => {
    const message = `${about.host} answered ${status} with ${what}`
    return callError(message, about, { kind: kindWithoutBody(status), status, hint: hintWithoutBody(status) })
  }
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') {
    throw fail('a compressed body, which was not asked for')
  }
  if (text.trim() === '') throw fail('an empty body')
  if (type !== undefined && !/\bjson\b/i.test(type))
    throw fail(`${mediaType(type)} instead of JSON${glimpse(text, about)}`)
  try {
    return parseJsonExactly(text)
  } catch {
    // not as a cause: the engine's message quotes the text
    throw fail(`JSON that breaks off or is broken, ${Buffer.byteLength(text)} bytes${glimpse(text, about)}`)
  }
}

/** The start of a text that is not JSON. Of broken JSON nothing is shown, since its fields cannot be told apart. */
function glimpse(text: string, { forbidden }: About): string {
  const start = text.trim()
  if (/^[[{"]/.test(start) || !mayShow(forbidden)) return ''
  return `: ${scrub(start, forbidden).replace(/\s+/g, ' ').slice(0, 100)}`
}

function mediaType(header: string): string {
  return /^[\w.+-]+\/[\w.+-]+/.exec(header)?.[0] ?? 'an unknown type'
}

/** A 404 without the API's own words may be any web server's: it never means that an object is gone. */
function kindWithoutBody(status: number): ApiErrorKind {
  if (status === 401) return 'auth'
  if (status === 403) return 'permission'
  if (status === 429) return 'rate'
  return status >= 500 ? 'server' : 'shape'
}

function hintWithoutBody(status: number): string | undefined {
  return status === 404 ? 'is the URL that of the API?' : undefined
}
