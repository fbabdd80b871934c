import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import { isRecord, mapEntries, sorted } from '../json.ts'
import type { Field, Format } from '../kind/field.ts'
import { revealed, Secret } from '../secret.ts'
import { canonicalDomain, canonicalEmail, canonicalUrl } from './formats.ts'
import { canonicalCidr } from './network.ts'
import { parsePeriod, wirePeriod } from './period.ts'

/** A formatted text in the one form that is compared and sent; undefined if it is not of the format. */
export function canonicalText(format: Format, text: string): string | undefined {
  switch (format) {
    case 'email':
      return canonicalEmail(text)
    case 'domain':
      return canonicalDomain(text)
    case 'hostname':
      return isIP(text) !== 0 || /^[a-z0-9-]+$/i.test(text) ? text.toLowerCase() : canonicalDomain(text)
    case 'sender':
      return text.includes('@') ? canonicalEmail(text) : canonicalDomain(text)
    case 'url':
      return canonicalUrl(text)
    case 'cidr':
      return canonicalCidr(text)
    case 'period': {
      const seconds = parsePeriod(text)
      return seconds === undefined || seconds === 0 ? undefined : wirePeriod(seconds)
    }
  }
}

/** A key in the form in which two keys are compared. */
export function canonicalKey(field: Field, key: string): string {
  const formatted = field.format === undefined ? key : (canonicalText(field.format, key) ?? key)
  return field.caseless === true ? formatted.toLowerCase() : formatted
}

/** A glob over keys in the form of the keys, part by part: what stands between two stars need not be a whole key. */
export function canonicalGlob(field: Field, glob: string): string {
  if (!glob.includes('*')) return canonicalKey(field, glob)
  const { format } = field
  if (format === undefined) return field.caseless === true ? glob.toLowerCase() : glob
  if (format === 'cidr' || format === 'period') return glob
  return glob
    .split('*')
    .map((part) =>
      part
        .split(/([./@:])/)
        .map((label) => (/^\p{ASCII}*$/u.test(label) ? label : domainToASCII(label) || label))
        .join(''),
    )
    .join('*')
    .toLowerCase()
}

/** A value in the one form in which two are compared: sets sorted, case folded, periods as sent, `off` kept; secrets are what they are. */
export function canonical(field: Field, value: unknown): unknown {
  if (value instanceof Secret) return canonical(field, value.reveal())
  if (value === undefined || value === null) return value === null && field.clearable === true ? '' : value
  switch (field.type) {
    case 'string':
      return typeof value === 'string' ? canonicalKey(field, value) : value
    case 'text':
      return typeof value === 'string' ? value.replaceAll('\r\n', '\n') : value
    case 'integer':
    case 'boolean':
    case 'enum':
      return value
    case 'set':
      return Array.isArray(value) ? distinct(value.map((item) => canonical(field.items, item))) : value
    case 'list':
      return Array.isArray(value) ? value.map((item) => canonical(field.items, item)) : value
    case 'object':
      return isRecord(value) ? mapEntries(value, (item, name) => canonicalMember(field.fields[name], item)) : value
    case 'record':
      return sorted(revealed(value))
  }
}

function canonicalMember(field: Field | undefined, value: unknown): unknown {
  return field === undefined ? value : canonical(field, value)
}

function distinct(items: readonly unknown[]): unknown[] {
  const byText = new Map(items.map((item) => [typeof item === 'string' ? item : JSON.stringify(item), item]))
  return [...byText].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, item]) => item)
}

/** True if two values of a field mean the same. */
export function isSame(field: Field, a: unknown, b: unknown): boolean {
  if (a === b) return true
  const left = canonical(field, a)
  const right = canonical(field, b)
  return left === right || JSON.stringify(sorted(left)) === JSON.stringify(sorted(right))
}
