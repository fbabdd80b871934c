import { randomInt } from 'node:crypto'
import { Secret } from '../../model/secret.ts'

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
/** One of each of these is in every generated secret: APIs ask for several sorts of characters. */
const SORTS = [LETTERS.toUpperCase(), LETTERS, '0123456789', '-_.'] as const
/** Needs no quotes in a shell, an env file, YAML or a URL. */
const ALPHABET = SORTS.join('')

/** The lengths that may be asked for: 16 characters have 96 bits, and no API here takes more than 100. */
export const LENGTHS = { least: 16, most: 100 } as const

/** A random secret with at least one character of each sort; the first and the last are letters or digits. */
export function makeSecret(length: number): Secret {
  for (;;) {
    const text = Array.from({ length }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('')
    const hasAll = SORTS.every((sort) => [...text].some((character) => sort.includes(character)))
    if (hasAll && /^[A-Za-z0-9].*[A-Za-z0-9]$/.test(text)) return new Secret(text)
  }
}
