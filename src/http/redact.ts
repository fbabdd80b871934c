import { SENSITIVE, type Secret } from '../model/secret.ts'
import { hideSecretForms } from '../model/secret-form.ts'

const KNOWN = new Set([
  'password',
  'emailpassword',
  'authheadervalue',
  'customheaders',
  'apikey',
  'token',
  'accesstoken',
  'refreshtoken',
  'authorization',
  'xsmtp2goapikey',
  'secret',
  'code',
])

const JWT = /eyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g
const USERINFO = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@'"]*@/gi

/** Whether a field of this name is hidden everywhere. */
export function isSecretName(name: string): boolean {
  return KNOWN.has(name.toLowerCase().replace(/[^a-z0-9]/g, ''))
}

/** A copy of a JSON value that an event may carry: secret fields, whole API keys and passwords in URLs are gone. */
export function redact(value: unknown, secrets: readonly string[] = []): unknown {
  const hidden = new Set(secrets)
  const copy = (part: unknown): unknown => {
    if (typeof part === 'string') return hideByShape(part)
    if (Array.isArray(part)) return part.map(copy)
    if (typeof part !== 'object' || part === null) return part
    if (Object.getPrototypeOf(part) !== Object.prototype) return SENSITIVE // a Secret, or nothing JSON knows
    return Object.fromEntries(
      Object.entries(part).map(([name, inner]) => [
        name,
        hidden.has(name) || isSecretName(name) ? SENSITIVE : copy(inner),
      ]),
    )
  }
  return copy(value)
}

/** What a text of the API must not repeat. */
export type Forbidden = {
  readonly credentials: readonly Secret[]
  /** The secrets of the request, and those that the API showed. */
  readonly values: readonly string[]
  /** Secrets of other calls: taken out where they can be found, but no reason to show nothing at all. */
  readonly others?: readonly string[]
}

/** Secrets that an answer shows: an error of a later call may quote them. Stars that stand for one are none. */
export function secretsShown(answer: unknown): string[] {
  return secretValues(answer, [], (name) => isSecretName(name) && name !== 'code').filter(
    (value) => !/^[*•.]*$|[*•]{4}/.test(value),
  )
}

/** The values that stand in a body's secret fields, at any depth. */
export function secretValues(
  body: unknown,
  secrets: readonly string[] = [],
  isSecret: (name: string) => boolean = isSecretName,
): string[] {
  const found: string[] = []
  const visit = (part: unknown, secret: boolean): void => {
    if (typeof part === 'string' || typeof part === 'number') {
      if (secret) found.push(String(part))
      return
    }
    if (typeof part !== 'object' || part === null) return
    for (const [name, inner] of Object.entries(part)) {
      visit(inner, secret || secrets.includes(name) || isSecret(name))
    }
  }
  visit(body, false)
  return found
}

/** True for a value that can be found in a text: a shorter one, or a plain word, may be a part of what is said anyway. */
function isFindable(value: string): boolean {
  return value.length >= 8 && !/^[a-z]+$/i.test(value)
}

/**
 * Whether a text of the API may be shown at all. It may not where it could quote a secret that cannot be found in it;
 * whether it does quote it makes no difference, or what is shown would tell something of the secret.
 */
export function mayShow({ credentials, values }: Forbidden): boolean {
  return [...credentials.map((one) => one.reveal()), ...values].every((value) => value === '' || isFindable(value))
}

/** A text of the API made safe to show: forbidden values are replaced wherever they stand, in every spelling. */
export function scrub(text: string, { credentials, values, others = [] }: Forbidden): string {
  let safe = hideByShape(text)
  const own = [...credentials.map((one) => one.reveal()), ...values].filter((one) => one !== '')
  const forbidden = [...new Set([...own, ...others.filter(isFindable)])]
  for (const value of forbidden.sort((a, b) => b.length - a.length)) {
    for (const form of formsOf(value)) {
      if (form.length >= 8) safe = safe.replaceAll(form, SENSITIVE)
      else for (const mark of [`'`, `"`, '`']) safe = safe.replaceAll(mark + form + mark, mark + SENSITIVE + mark)
    }
  }
  return safe
}

/** So many characters in a row that a text shares with a secret tell too much of it. */
const RUN = 6

/** True if a text still shares a run of characters with a secret of its own call, in any spelling that an API may use. */
export function repeats(text: string, { credentials, values }: Forbidden): boolean {
  const plain = text.toLowerCase()
  const own = [...credentials.map((one) => one.reveal()), ...values].filter((one) => one.length >= RUN)
  return own.some((value) => spellingsOf(value).some((form) => sharesRun(plain, form.toLowerCase())))
}

function spellingsOf(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8')
  const shifted = [0, 1, 2].map((by) => {
    const text = Buffer.concat([Buffer.alloc(by), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    return by === 0 ? text.slice(0, -1) : text.slice(by + 1, -1) // the edges depend on what stands beside
  })
  const urlSafe = shifted.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))
  return [...formsOf(value), ...shifted, ...urlSafe, bytes.toString('hex')]
}

function sharesRun(text: string, form: string): boolean {
  for (let at = 0; at + RUN <= form.length; at++) if (text.includes(form.slice(at, at + RUN))) return true
  return false
}

/** The spellings of a value that an API may use: as it is, in a URL, in a form, in JSON, in HTML. */
function formsOf(value: string): ReadonlySet<string> {
  const inUrl = encodeURIComponent(value)
  const inHtml = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const quotes = ['&#39;', '&#039;', '&apos;'].map((quote) => inHtml.replaceAll('"', '&quot;').replaceAll("'", quote))
  return new Set([value, inUrl, inUrl.replaceAll('%20', '+'), JSON.stringify(value).slice(1, -1), inHtml, ...quotes])
}

function hideByShape(text: string): string {
  return hideSecretForms(text).replace(JWT, SENSITIVE).replace(USERINFO, `$1${SENSITIVE}@`)
}
