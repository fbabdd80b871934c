import { isIPv4, isIPv6 } from 'node:net'
import { closest } from '../../model/text/closest.ts'
import { domainFault, macroFault } from './domain-spec.ts'

/** What a term does if it matches. */
export type SpfQualifier = 'pass' | 'fail' | 'softfail' | 'neutral'

/** A term of a record that is well formed. */
export type SpfTerm = SpfMechanism | SpfLookup | SpfModifier

/** One that decides by itself. */
interface SpfMechanism {
  readonly kind: 'plain'
  readonly text: string
  readonly name: 'all' | 'ip4' | 'ip6'
  readonly qualifier: SpfQualifier
}

/** One that has to look something up. */
export interface SpfLookup {
  readonly kind: 'lookup'
  readonly text: string
  readonly name: 'include' | 'exists' | 'a' | 'mx' | 'ptr'
  readonly qualifier: SpfQualifier
  /** The domain of the record, where it is left out. */
  readonly domain?: string
}

/** One that is about the record as a whole. */
interface SpfModifier {
  readonly kind: 'modifier'
  readonly text: string
  readonly name: 'redirect' | 'exp' | 'other'
  readonly value: string
}

/** A term that is not, with what was probably meant. */
export interface SpfFault {
  readonly text: string
  readonly why: string
  readonly meant?: string
}

const QUALIFIERS = { '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' } as const
const MECHANISMS = ['all', 'include', 'a', 'mx', 'ptr', 'ip4', 'ip6', 'exists'] as const
const QNUM = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
const IP4 = new RegExp(`^${QNUM}(?:\\.${QNUM}){3}$`)

/** True for the text of an SPF record, which begins with its version and a space or nothing. */
export function isSpfRecord(text: string): boolean {
  return /^v=spf1(?: |$)/i.test(text)
}

/** The terms of a record, and those that are none; a receiver refuses a record with one of these as a whole. */
export function termsOf(record: string): { readonly terms: readonly SpfTerm[]; readonly faults: readonly SpfFault[] } {
  const terms: SpfTerm[] = []
  const faults: SpfFault[] = []
  const words = record.split(' ').filter((word) => word !== '')
  for (const text of words.slice(1)) {
    const found = termOf(text)
    if ('why' in found) faults.push({ text, ...found })
    else terms.push(found)
  }
  for (const name of ['redirect', 'exp'] as const) {
    const [, second] = terms.filter((term) => term.name === name)
    if (second !== undefined) faults.push({ text: second.text, why: `is the second "${name}"; there may be one` })
  }
  return { terms, faults }
}

function termOf(text: string): SpfTerm | Omit<SpfFault, 'text'> {
  const modifier = /^([^:/=]*)=(.*)$/s.exec(text)
  if (modifier !== null) return modifierOf(text, modifier[1] ?? '', modifier[2] ?? '')
  const [, sign = '', word = '', rest = ''] = /^([+\-?~]?)([^:/]*)(.*)$/s.exec(text) ?? []
  const name = MECHANISMS.find((one) => one === word.toLowerCase())
  if (name === undefined) return unknownTerm(text, sign, word, rest)
  const qualifier = QUALIFIERS[sign === '-' || sign === '~' || sign === '?' ? sign : '+']
  switch (name) {
    case 'all':
      return rest === ''
        ? { kind: 'plain', text, name, qualifier }
        : { why: '"all" takes no value', meant: `${sign}all` }
    case 'ip4':
    case 'ip6': {
      const fault = addressFault(name, rest)
      return fault ?? { kind: 'plain', text, name, qualifier }
    }
    case 'include':
    case 'exists': {
      const fault = rest.startsWith(':') ? domainFault(rest.slice(1)) : 'has no domain'
      return fault === undefined
        ? { kind: 'lookup', text, name, qualifier, domain: rest.slice(1) }
        : { why: fault, ...meantWith(text) }
    }
    case 'ptr': {
      if (rest === '') return { kind: 'lookup', text, name, qualifier }
      const fault = rest.startsWith(':') ? domainFault(rest.slice(1)) : 'takes no network length'
      return fault === undefined ? { kind: 'lookup', text, name, qualifier, domain: rest.slice(1) } : { why: fault }
    }
    case 'a':
    case 'mx': {
      const parts = /^(?::(.+?))?(?:\/(\d+))?(?:\/\/(\d+))?$/s.exec(rest)
      if (parts === null) return { why: 'has a network length that is none' }
      const [, domain, four, six] = parts
      const fault = domain === undefined ? undefined : domainFault(domain)
      if (fault !== undefined) return { why: fault }
      if (!isLength(four, 32) || !isLength(six, 128)) return { why: 'has a network length that is none' }
      return { kind: 'lookup', text, name, qualifier, ...(domain === undefined ? {} : { domain }) }
    }
  }
}

function modifierOf(text: string, word: string, value: string): SpfTerm | Omit<SpfFault, 'text'> {
  const name = word.toLowerCase()
  if (!/^[a-z][a-z0-9\-_.]*$/i.test(word)) return { why: 'is neither a mechanism nor a modifier' }
  if (name === 'redirect' || name === 'exp') {
    const fault = domainFault(value)
    if (fault !== undefined) return { why: fault }
    return { kind: 'modifier', text, name, value }
  }
  // A mechanism with "=" is an unknown modifier to a receiver, which skips it.
  const mechanism = MECHANISMS.find((one) => one === name.replace(/^[+\-?~]/, ''))
  if (mechanism !== undefined && mechanism !== 'all')
    return { why: `"${word}=" is not a mechanism and is skipped`, meant: `${word}:${value}` }
  const fault = macroFault(value, 'slodiphcrtv')
  return fault === undefined ? { kind: 'modifier', text, name: 'other', value } : { why: fault }
}

function unknownTerm(text: string, sign: string, word: string, rest: string): Omit<SpfFault, 'text'> {
  if (isIPv4(word)) return { why: 'is an address without "ip4:"', meant: `${sign}ip4:${word}${rest}` }
  if (isIPv6(text)) return { why: 'is an address without "ip6:"', meant: `ip6:${text}` }
  const lower = word.toLowerCase()
  if (lower === 'ip' || lower === 'ipv4') return { why: `there is no "${word}"`, meant: `${sign}ip4${rest}` }
  if (lower === 'ipv6') return { why: `there is no "${word}"`, meant: `${sign}ip6${rest}` }
  if (/^v=spf/i.test(text)) return { why: 'is a second version: two records were put into one' }
  const glued = gluedTerms(text)
  if (glued !== undefined) return { why: 'is two terms without a space', meant: glued }
  const near = closest(lower, MECHANISMS)
  if (near !== undefined && word !== '') return { why: `there is no "${word}"`, meant: `${sign}${near}${rest}` }
  if (domainFault(text) === undefined && rest === '')
    return { why: 'is a name without "include:"', meant: `include:${text}` }
  return { why: 'is neither a mechanism nor a modifier' }
}

/** `include:one.exampleinclude:two.example` or `ip4:192.0.2.1~all`, taken apart; undefined where it is one term. */
export function gluedTerms(text: string): string | undefined {
  const found = /^(.*[^\s+\-?~])([+\-?~]?(?:include|exists|ip4|ip6|a|mx|ptr):.+|[-~?+]all|redirect=.+)$/i.exec(text)
  const [, first = '', second = ''] = found ?? []
  return /^[+\-?~]?[a-z]\w*[:=]?/i.test(first) && second !== '' ? `${first} ${second}` : undefined
}

function addressFault(name: 'ip4' | 'ip6', rest: string): Omit<SpfFault, 'text'> | undefined {
  const [, address = '', length] = /^:([^/]+)(?:\/(.*))?$/s.exec(rest) ?? []
  const isOther = name === 'ip4' ? isIPv6(address) : isIPv4(address)
  if (isOther) return { why: `has an address of the other kind`, meant: `${name === 'ip4' ? 'ip6' : 'ip4'}${rest}` }
  const isRight = name === 'ip4' ? IP4.test(address) : isIPv6(address) && /^[0-9a-f:.]+$/i.test(address)
  if (!isRight) {
    const glued = gluedTerms(`${name}${rest}`)
    return { why: 'has no address', ...(glued === undefined ? {} : { meant: glued }) }
  }
  return isLength(length, name === 'ip4' ? 32 : 128) ? undefined : { why: 'has a network length that is none' }
}

function isLength(text: string | undefined, most: number): boolean {
  return text === undefined || (/^(?:0|[1-9]\d{0,2})$/.test(text) && Number(text) <= most)
}

function meantWith(text: string): { readonly meant?: string } {
  const glued = gluedTerms(text)
  return glued === undefined ? {} : { meant: glued }
}
