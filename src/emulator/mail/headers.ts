import { addressParser, decodeWords } from 'postal-mime'

export { decodeWords }

/** The headers of a message, unfolded, in their order; and where its body begins. */
export interface RawMessage {
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** As they stand there, without the empty line after them. */
  readonly headerText: string
  readonly bodyAt: number
}

/** Reads the headers of a message without its body (RFC 5322, 2.2). */
export function readHeaders(raw: Buffer): RawMessage {
  const text = raw.toString('latin1')
  const found = /\r?\n\r?\n/.exec(text)
  const headerText = found === null ? text : text.slice(0, found.index)
  const lines = headerText.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)
  const headers = lines.flatMap((line) => {
    const at = line.indexOf(':')
    return at < 1 ? [] : [[line.slice(0, at).trim(), decodeBytes(line.slice(at + 1).trim())] as const]
  })
  return { headers, headerText, bodyAt: found === null ? text.length : found.index + found[0].length }
}

/** The value of a header; undefined where there is none. */
export function headerOf({ headers }: RawMessage, name: string): string | undefined {
  return headers.find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1]
}

/** The first address in a header such as From; empty where there is none. */
export function firstAddress(value: string | undefined): string {
  return addressesIn(value)[0]?.address ?? ''
}

/** An address with the name before it. */
interface NamedAddress {
  readonly name: string
  readonly address: string
}

/** The addresses in a header: `Ann <ann@example.org>, bob@example.org`; those of groups, too. */
export function addressesIn(value: string | undefined): NamedAddress[] {
  return addressParser(value ?? '', { flatten: true }).flatMap(({ name, address }) => {
    return address === undefined || address === '' ? [] : [{ name: decodeWords(name), address }]
  })
}

/** Bytes of a header that are UTF-8 although no word says so (RFC 6532). */
function decodeBytes(latin1: string): string {
  return /[\x80-\xff]/.test(latin1) ? Buffer.from(latin1, 'latin1').toString('utf8') : latin1
}
