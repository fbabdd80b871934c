import { asciiName } from '../names/name.ts'
import { ask, type Patience } from '../wire/ask.ts'
import type { DnsAnswer, RecordType, Reply } from '../wire/message.ts'
import type { DnsServer } from '../wire/server.ts'
import type { Found, Lookup } from './lookup.ts'

/** Looks up at resolvers, one after the other until one answers; what was asked once is remembered. */
export function lookupAt(resolvers: readonly DnsServer[], patience: Patience): Lookup {
  const known = new Map<string, Promise<Found>>()
  return (name, type) => {
    const plain = asciiName(name)
    const key = `${type} ${plain}`
    const found = known.get(key) ?? lookUp(resolvers, plain, type, patience)
    known.set(key, found)
    return found
  }
}

async function lookUp(
  resolvers: readonly DnsServer[],
  name: string,
  type: RecordType,
  patience: Patience,
): Promise<Found> {
  let why = 'there is no resolver'
  for (const server of resolvers) {
    const reply = await ask(server, { name, type, recursion: true }, patience)
    if ('why' in reply) why = `${server.name}: ${reply.why}`
    else if (reply.code === 'NOERROR' || reply.code === 'NXDOMAIN') return foundIn(reply, name, type)
    else why = `${server.name} answers ${reply.code}`
  }
  return { state: 'failed', why }
}

/** What a reply says of a name, at the end of its aliases. */
export function foundIn({ code, answers }: Reply, name: string, type: RecordType): Found {
  const found = answers.filter((one) => one.type === type && owners(answers, name).has(one.name))
  if (found.length > 0) return { state: 'found', answers: found }
  return { state: code === 'NXDOMAIN' ? 'missing' : 'nothing' }
}

function owners(answers: readonly DnsAnswer[], name: string): ReadonlySet<string> {
  const names = new Set([name])
  for (let size = 0; size < names.size; ) {
    size = names.size
    for (const one of answers) if (one.type === 'CNAME' && names.has(one.name)) names.add(one.target)
  }
  return names
}
