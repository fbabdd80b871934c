import type { Found, Lookup } from '../../src/dns/lookup/lookup.ts'
import type { DnsAnswer, RecordType } from '../../src/dns/wire/message.ts'

/** Records by name; a name without any record is one that is there all the same. */
export type ToyDns = Readonly<Record<string, Partial<Readonly<Record<'TXT' | 'A' | 'AAAA' | 'MX', readonly string[]>>>>>

/** Looks up in a table. Names in `dead` are not answered. */
export function toyLookup(names: ToyDns, dead: readonly string[] = []): Lookup {
  return async (name, type): Promise<Found> => {
    if (dead.includes(name)) return { state: 'failed', why: 'no answer' }
    if (!Object.hasOwn(names, name)) return { state: 'missing' }
    const values = (names[name] as Partial<Record<RecordType, readonly string[]>>)[type] ?? []
    if (values.length === 0) return { state: 'nothing' }
    return { state: 'found', answers: values.map((value) => answer(name, type, value)) }
  }
}

function answer(name: string, type: RecordType, value: string): DnsAnswer {
  if (type === 'TXT') return { name, ttl: 60, type, strings: value.split('|') }
  if (type === 'MX') return { name, ttl: 60, type, target: value }
  return { name, ttl: 60, type: type === 'AAAA' ? 'AAAA' : 'A', address: value }
}

/** The same table in the form of Node's resolver, for a library of others. */
export function nodeResolver(names: ToyDns, dead: readonly string[] = []) {
  const find = toyLookup(names, dead)
  return async (name: string, type: string): Promise<unknown[]> => {
    if (type !== 'TXT' && type !== 'A' && type !== 'AAAA' && type !== 'MX') throw coded('ENODATA')
    const found = await find(name.toLowerCase(), type)
    if (found.state === 'failed') throw coded('ETIMEOUT')
    if (found.state !== 'found') throw coded(found.state === 'missing' ? 'ENOTFOUND' : 'ENODATA')
    return found.answers.map((one) => {
      if (one.type === 'TXT') return one.strings
      if (one.type === 'MX') return { priority: 10, exchange: one.target }
      return 'address' in one ? one.address : ''
    })
  }
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code })
}
