import { isIP } from 'node:net'
import { addressNumber, addressText } from '../model/value/network.ts'

/** A run of addresses, both ends included, as numbers. */
interface Run {
  readonly version: 4 | 6
  readonly first: bigint
  readonly last: bigint
}

const END = { 4: (1n << 32n) - 1n, 6: (1n << 128n) - 1n } as const

/** The runs into which networks in canonical form cut all addresses: inside one run, every network has all or none. */
export function cutAddresses(networks: readonly string[]): Run[] {
  return ([4, 6] as const).flatMap((version) => {
    const starts = new Set([0n])
    for (const network of networks) {
      const range = rangeOf(network)
      if (range?.version !== version) continue
      starts.add(range.first)
      if (range.last < END[version]) starts.add(range.last + 1n)
    }
    const sorted = [...starts].sort((a, b) => (a < b ? -1 : 1))
    return sorted.map((first, at) => ({ version, first, last: (sorted[at + 1] ?? END[version] + 1n) - 1n }))
  })
}

function rangeOf(network: string): Run | undefined {
  const [base = '', bits] = network.split('/')
  const version = isIP(base)
  if (version !== 4 && version !== 6) return undefined
  const width = version === 4 ? 32 : 128
  const first = addressNumber(base)
  const size = 1n << BigInt(width - (bits === undefined ? width : Number(bits)))
  return { version, first, last: first + size - 1n }
}

/** Runs that touch each other as one. */
export function joined(runs: readonly Run[]): Run[] {
  const whole: Run[] = []
  for (const run of runs) {
    const last = whole.at(-1)
    if (last !== undefined && last.version === run.version && last.last + 1n === run.first)
      whole[whole.length - 1] = { ...last, last: run.last }
    else whole.push(run)
  }
  return whole
}

/** A run as people write it: an address, a network, or its two ends. */
export function runText({ version, first, last }: Run): string {
  const width = version === 4 ? 32 : 128
  const size = last - first + 1n
  const bits = size.toString(2).length - 1
  const isNetwork = size === 1n << BigInt(bits) && first % size === 0n
  if (size === 1n) return addressText(first, version)
  return isNetwork
    ? `${addressText(first, version)}/${width - bits}`
    : `${addressText(first, version)} to ${addressText(last, version)}`
}

/** The first address of a run: what holds for it holds for all of them. */
export function witnessOf({ first, version }: Run): string {
  return addressText(first, version)
}
