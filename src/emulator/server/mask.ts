import { isObject, type Json } from '../input/json.ts'
import type { Service } from '../world/definition.ts'

const userinfo = /^([a-z][a-z0-9+.-]*:\/\/)[^/@\s]+@/i

/** What stands in the place of a secret. */
const secretMark = '(secret)'

/** A copy without secrets: by name, by the look of a credential, and in the user part of a URL. */
export function mask(value: Json, hidden: Service['hidden'], name = ''): Json {
  if (hidden.names.includes(name.toLowerCase())) return value === null || value === '' ? value : secretMark
  if (typeof value === 'string')
    return hidden.pattern?.test(value) === true ? secretMark : value.replace(userinfo, `$1${secretMark}@`)
  if (Array.isArray(value)) return value.map((item: Json) => mask(item, hidden))
  if (!isObject(value)) return value
  const entries = Object.entries(value).map(([key, item]) => [key, item === undefined ? item : mask(item, hidden, key)])
  return Object.fromEntries(entries)
}
