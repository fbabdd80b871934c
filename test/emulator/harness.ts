import { type Emulator, type EmulatorOptions, startEmulator } from '../../src/apis/emulator.ts'
import { isObject, type Json, type JsonObject } from '../../src/emulator/input/json.ts'

/** What came back. */
export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly body: Json
  /** `data` of an SMTP2GO answer. */
  readonly data: Json
}

/** A running emulator and short ways to call it. */
export interface Bench extends Emulator, AsyncDisposable {
  /** Calls SMTP2GO with the master key. */
  post(path: string, body?: JsonObject, headers?: Record<string, string>): Promise<Reply>
  patch(path: string, body?: JsonObject): Promise<Reply>
  /** Calls the Back Office with the token. */
  office(method: string, path: string, body?: JsonObject, headers?: Record<string, string>): Promise<Reply>
  control(method: string, path: string, body?: Json): Promise<Reply>
}

/** Calls anything. */
export async function call(
  method: string,
  url: string,
  headers: Record<string, string>,
  body?: string,
): Promise<Reply> {
  const init: RequestInit = { method, headers, redirect: 'manual', signal: AbortSignal.timeout(5000) }
  const response = await fetch(url, body === undefined ? init : { ...init, body })
  const text = await response.text()
  const json: Json = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text
  return {
    status: response.status,
    headers: response.headers,
    body: json,
    data: isObject(json) ? (json['data'] ?? null) : null,
  }
}

const json = { 'content-type': 'application/json' }

/** Starts an emulator on any free port. */
export async function bench(options: EmulatorOptions = {}): Promise<Bench> {
  const emulator = await startEmulator(options)
  const send =
    (method: string) =>
    (path: string, body: JsonObject = {}, headers: Record<string, string> = {}) => {
      const all = { ...json, 'x-smtp2go-api-key': emulator.apiKey, ...headers }
      return call(method, emulator.smtp2go + path, all, JSON.stringify(body))
    }
  return Object.defineProperties({} as Bench, {
    ...Object.getOwnPropertyDescriptors(emulator),
    ...Object.getOwnPropertyDescriptors({
      post: send('POST'),
      patch: send('PATCH'),
      office: (method: string, path: string, body?: JsonObject, headers: Record<string, string> = {}) => {
        const all = { ...json, authorization: `Bearer ${emulator.token}`, ...headers }
        return call(method, `${emulator.backoffice}/api/v2${path}`, all, body && JSON.stringify(body))
      },
      control: (method: string, path: string, body?: Json) => {
        return call(
          method,
          `${emulator.backoffice}/__emulator${path}`,
          json,
          body === undefined ? body : JSON.stringify(body),
        )
      },
      [Symbol.asyncDispose]: () => emulator.close(),
    }),
  })
}

/** Walks into an answer; undefined when there is nothing. */
export function at(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  return path.reduce<Json | undefined>((inner, step) => {
    if (typeof step === 'number') return Array.isArray(inner) ? inner[step] : undefined
    return isObject(inner) ? inner[step] : undefined
  }, value)
}

/** The list at a place of an answer. */
export function listAt(value: Json | undefined, ...path: readonly (string | number)[]): readonly Json[] {
  const found = at(value, ...path)
  if (Array.isArray(found)) return found
  throw new Error(`no list at ${path.join('.')} of ${JSON.stringify(value)}`)
}

/** `status code field` of an answer, to compare refusals in one line. */
export function verdict({ status, data }: Reply): string {
  const code = at(data, 'error_code')
  const field = at(data, 'field_validation_errors', 'fieldname')
  const short = typeof code === 'string' ? code.replace('E_ApiResponseCodes.', '') : 'ok'
  return [status, short, ...(typeof field === 'string' ? [field] : [])].join(' ')
}
