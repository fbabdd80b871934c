import { domainToASCII, domainToUnicode } from 'node:url'

/** A name as DNS has it: lower case, letters of other scripts in their ASCII form, no dot at the end. */
export function asciiName(text: string): string {
  const plain = text.trim().toLowerCase().replace(/\.$/, '')
  if (isAscii(plain)) return plain
  return plain
    .split(/[.\u3002\uff0e\uff61]/)
    .map((label) => (isAscii(label) ? label : domainToASCII(label)))
    .join('.')
}

/** A name as people write it, where that differs from its ASCII form. */
export function shownName(name: string): string {
  if (!name.includes('xn--')) return name
  return name
    .split('.')
    .map((label) => (label.startsWith('xn--') ? domainToUnicode(label) || label : label))
    .join('.')
}

function isAscii(text: string): boolean {
  return !/\P{ASCII}/u.test(text)
}

/** The names above a name, the nearest first, without the root. */
export function parentsOf(name: string): string[] {
  const labels = name.split('.')
  return labels.slice(1).map((_, at) => labels.slice(at + 1).join('.'))
}

/** True for a zone and everything below it; the root has every name. */
export function isWithin(name: string, zone: string): boolean {
  return zone === '' || name === zone || name.endsWith(`.${zone}`)
}

/** True for a name that DNS can hold: labels of 1 to 63 characters, 253 in all. */
export function isAskable(name: string): boolean {
  return name.length <= 253 && name.split('.').every((label) => label !== '' && label.length <= 63)
}
