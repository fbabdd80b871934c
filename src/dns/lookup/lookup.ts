import type { DnsAnswer, RecordType } from '../wire/message.ts'

/** What a look-up gave. `nothing`: the name exists without such a record; `missing`: there is no such name. */
export type Found =
  | { readonly state: 'found'; readonly answers: readonly DnsAnswer[] }
  | { readonly state: 'nothing' | 'missing' }
  | { readonly state: 'failed'; readonly why: string }

/** Looks something up, aliases followed. Never throws. */
export type Lookup = (name: string, type: RecordType) => Promise<Found>

/** The texts of TXT records, each as its strings. */
export function textsIn(found: Found): readonly (readonly string[])[] {
  return found.state === 'found' ? found.answers.flatMap((one) => (one.type === 'TXT' ? [one.strings] : [])) : []
}

/** The addresses that were found. */
export function addressesIn(found: Found): readonly string[] {
  return found.state === 'found'
    ? found.answers.flatMap((one) => (one.type === 'A' || one.type === 'AAAA' ? [one.address] : []))
    : []
}
