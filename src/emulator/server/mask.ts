import { isObject, type Json } from '../input/json.ts'

const secretNames = new Set([
  'api_key',
  'email_password',
  'password',
  'auth_header_value',
  'custom_headers',
  'token',
  'code',
  'accesstoken',
  'refreshtoken',
  'authorization',
  'x-smtp2go-api-key',
])
const fullKey = /^api-[a-zA-Z0-9]{32}$/
const userinfo = /^([a-z][a-z0-9+.-]*:\/\/)[^/@\s]+@/i

/** What stands in the place of a secret. */
const secretMark = '(secret)'

/** A copy without secrets: by name, by the look of an API key, and in the user part of a URL. */
export function mask(value: Json, name = ''): Json {
  if (secretNames.has(name.toLowerCase())) return value === null || value === '' ? value : secretMark
  if (typeof value === 'string') return fullKey.test(value) ? secretMark : value.replace(userinfo, `$1${secretMark}@`)
  if (Array.isArray(value)) return value.map((item: Json) => mask(item))
  if (!isObject(value)) return value
  const entries = Object.entries(value).map(([key, item]) => [key, item === undefined ? item : mask(item, key)])
  return Object.fromEntries(entries)
}
