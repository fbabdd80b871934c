import { randomInt } from 'node:crypto'
import { REASONS, type SuppressionReason } from './exported.ts'

/** Added to the reason of an address that was taken. */
const TAKEN = 128

/**
 * The strongest reason of each of very many addresses, in 9 bytes for each place: an address is known by 64 bits of its hash, whose seeds differ in each
 * run. Two of a million addresses share them with a probability of about 1 in 37 million; one of the two would be left out.
 */
export class StrongestReasons {
  readonly #seeds = [randomInt(2 ** 32), randomInt(2 ** 32)] as const
  #low = new Uint32Array(1 << 16)
  #high = new Uint32Array(1 << 16)
  #values = new Uint8Array(1 << 16)
  #size = 0

  /** Notes a reason; a stronger one stays. */
  note(address: string, reason: SuppressionReason): void {
    const at = this.#find(address)
    const rank = REASONS.indexOf(reason) + 1
    const known = this.#values[at] ?? 0
    if (known === 0) {
      this.#values[at] = rank
      this.#size += 1
      if (this.#size * 2 > this.#values.length) this.#grow()
    } else if (rank < (known & ~TAKEN)) this.#values[at] = rank | (known & TAKEN)
  }

  /** The strongest reason of an address, the first time it is asked for; undefined afterwards and for one that is not there. */
  take(address: string): SuppressionReason | undefined {
    const at = this.#find(address)
    const known = this.#values[at] ?? 0
    if (known === 0 || (known & TAKEN) !== 0) return undefined
    this.#values[at] = known | TAKEN
    return REASONS[known - 1]
  }

  /** The place of an address; where it has none, its hash is put into the first that is free. */
  #find(address: string): number {
    return this.#placeOf(hashOf(address, this.#seeds[0]), hashOf(address, this.#seeds[1]))
  }

  #placeOf(low: number, high: number): number {
    const mask = this.#values.length - 1
    let at = low & mask
    while ((this.#values[at] ?? 0) !== 0 && (this.#low[at] !== low || this.#high[at] !== high)) at = (at + 1) & mask
    this.#low[at] = low
    this.#high[at] = high
    return at
  }

  #grow(): void {
    const [low, high, values] = [this.#low, this.#high, this.#values]
    const length = values.length * 2
    this.#low = new Uint32Array(length)
    this.#high = new Uint32Array(length)
    this.#values = new Uint8Array(length)
    for (const [from, value] of values.entries())
      if (value !== 0) this.#values[this.#placeOf(low[from] ?? 0, high[from] ?? 0)] = value
  }
}

/** 32 bits of a text (the mixing of MurmurHash3). */
function hashOf(text: string, seed: number): number {
  let hash = seed
  for (let at = 0; at < text.length; at += 1) {
    let part = Math.imul(text.charCodeAt(at), 0xcc9e2d51)
    part = Math.imul((part << 15) | (part >>> 17), 0x1b873593)
    hash ^= part
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
