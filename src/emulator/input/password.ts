import { randomInt } from 'node:crypto'

const pools = [
  { has: /[a-z]/, size: 26 },
  { has: /[A-Z]/, size: 26 },
  { has: /[0-9]/, size: 10 },
  { has: /[^a-zA-Z0-9]/, size: 33 },
]
const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'

/** A rough number of bits: the size of the alphabet for each character that neither repeats nor continues the last one. */
export function entropy(password: string): number {
  const alphabet = pools.filter(({ has }) => has.test(password)).reduce((sum, { size }) => sum + size, 0)
  if (alphabet === 0) return 0
  let fresh = 0
  let last = Number.NaN
  for (const character of password) {
    const code = character.codePointAt(0) ?? 0
    if (!(Math.abs(code - last) <= 1)) fresh += 1
    last = code
  }
  return fresh * Math.log2(alphabet)
}

/** Random letters and digits. */
export function randomText(length: number): string {
  return Array.from({ length }, () => letters.charAt(randomInt(letters.length))).join('')
}
