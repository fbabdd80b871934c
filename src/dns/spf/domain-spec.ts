/** What a top-level label looks like (RFC 7208, section 7.1). */
const TOP_LABEL = /^(?:[a-z0-9]*[a-z][a-z0-9]*|[a-z0-9]+-[a-z0-9-]*[a-z0-9])$/i
const MACRO = /%(?:[%_-]|\{([a-z])(\d*)(r?)([.\-+,/_=]*)\})/gi
const LETTERS = 'slodiphv'

/** What is wrong with the macros of a text; undefined if nothing is. `c`, `r` and `t` belong into explanations. */
export function macroFault(text: string, letters = LETTERS): string | undefined {
  const left = text.replace(MACRO, (_, letter: string | undefined, digits: string | undefined) =>
    letter === undefined || (letters.includes(letter.toLowerCase()) && !/^0+$/.test(digits ?? '')) ? '' : '%',
  )
  if (left.includes('%')) return 'has a macro that is none'
  return /^[\x21-\x7e]*$/.test(left) ? undefined : 'has a character that may not stand there'
}

/** What is wrong with a domain of a term; undefined if nothing is. */
export function domainFault(text: string): string | undefined {
  if (text === '') return 'has no domain'
  const fault = macroFault(text)
  if (fault !== undefined) return fault
  if (endsInMacro(text)) return undefined
  const literal = text.slice(lastMacroEnd(text)).replace(/\.$/, '')
  const dot = literal.lastIndexOf('.')
  return dot >= 0 && TOP_LABEL.test(literal.slice(dot + 1)) ? undefined : 'names no full domain'
}

function lastMacroEnd(text: string): number {
  return [...text.matchAll(MACRO)].reduce((_, found) => found.index + found[0].length, 0)
}

function endsInMacro(text: string): boolean {
  return lastMacroEnd(text) === text.length
}

/** The name that a domain of a term stands for, the same for every sender; undefined where that depends on the sender or the address. */
export function expandedName(text: string, domain: string): string | undefined {
  let isOpen = false
  const name = text.replace(MACRO, (whole, letter?: string, digits = '', reverse = '', delimiters = '') => {
    if (letter === undefined) return whole === '%%' ? '%' : whole === '%_' ? ' ' : '%20'
    if (letter.toLowerCase() !== 'd') isOpen = true
    const parts = domain.split(new RegExp(`[${(delimiters || '.').replace(/[-\\\]^]/g, '\\$&')}]`))
    const ordered = reverse === '' ? parts : [...parts].reverse()
    const kept = digits === '' ? ordered : ordered.slice(-Number(digits))
    const value = kept.join('.')
    return letter === 'D' ? encodeURIComponent(value) : value
  })
  return isOpen ? undefined : shortened(name.toLowerCase().replace(/\.$/, ''))
}

/** A name that is too long loses labels on the left (RFC 7208, section 7.3). */
function shortened(name: string): string {
  let left = name
  while (left.length > 253 && left.includes('.')) left = left.slice(left.indexOf('.') + 1)
  return left
}

/** True for a name that may be asked for: two labels or more, the last one a top-level label. */
export function isTarget(name: string): boolean {
  const labels = name.split('.')
  return (
    labels.length > 1 &&
    name.length <= 253 &&
    labels.every((label) => label.length > 0 && label.length <= 63 && /^[\x20-\x7e]+$/.test(label)) &&
    TOP_LABEL.test(labels.at(-1) ?? '')
  )
}
