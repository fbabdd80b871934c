import { type Answer, decode, encode, type Packet, RECURSION_DESIRED } from 'dns-packet'
import { asciiName } from '../names/name.ts'

/** The types of records that are asked for. */
export type RecordType = 'A' | 'AAAA' | 'CNAME' | 'MX' | 'NS' | 'SOA' | 'TXT'

/** A question to a server. */
export interface Question {
  readonly name: string
  readonly type: RecordType
  /** True at a resolver; a domain's own name server is asked for what it has itself. */
  readonly recursion: boolean
}

/** A record of an answer. `ttl` is in seconds. */
export type DnsAnswer = { readonly name: string; readonly ttl: number } & (
  | { readonly type: 'A' | 'AAAA'; readonly address: string }
  | { readonly type: 'CNAME' | 'NS' | 'MX'; readonly target: string }
  | { readonly type: 'TXT'; readonly strings: readonly string[] }
  | { readonly type: 'SOA'; readonly serial: number; readonly minimum: number }
)

/** What a server answered. */
export interface Reply {
  /** `NOERROR`, `NXDOMAIN`, `SERVFAIL`, `REFUSED` … */
  readonly code: string
  /** It speaks for the zone (AA). */
  readonly isAuthoritative: boolean
  /** It was cut off, and has to be asked again by TCP (TC). */
  readonly isTruncated: boolean
  /** The answer was checked with DNSSEC (AD). */
  readonly isAuthentic: boolean
  readonly answers: readonly DnsAnswer[]
  readonly authority: readonly DnsAnswer[]
}

/** The size of an answer that passes every network without being taken apart (RFC 9715), in octets. */
const EDNS_SIZE = 1232

/** A question as octets; throws where the name cannot be one. `plain`: without EDNS, which an old server may not know. */
export function encodeQuestion(
  { name, type, recursion }: Question,
  id: number,
  form: 'edns' | 'plain' = 'edns',
): Buffer {
  return encode({
    type: 'query',
    id,
    flags: recursion ? RECURSION_DESIRED : 0,
    questions: [{ type, name }],
    ...(form === 'plain' ? {} : { additionals: [EDNS] }),
  })
}

const EDNS = {
  ...{ type: 'OPT', name: '.', extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] },
  udpPayloadSize: EDNS_SIZE,
} satisfies Answer

/** An answer to this very question; undefined for anything else that came in. */
export function decodeReply(bytes: Buffer, { name, type }: Question, id: number): Reply | undefined {
  const packet = decoded(bytes)
  if (packet === undefined || packet.id !== id || packet.type !== 'response') return undefined
  const [asked] = packet.questions ?? []
  // A server that cannot read a question may leave it out of its refusal.
  if (asked !== undefined && (asked.type !== type || asciiName(asked.name) !== asciiName(name))) return undefined
  const flags = flagsOf(packet)
  return {
    code: RCODES[(packet.flags ?? 0) & 15] ?? 'UNKNOWN',
    ...flags,
    answers: (packet.answers ?? []).flatMap(answerOf),
    authority: (packet.authorities ?? []).flatMap(answerOf),
  }
}

const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED']

function flagsOf({ flags = 0 }: Packet) {
  return {
    isAuthoritative: (flags & 0x400) !== 0,
    isTruncated: (flags & 0x200) !== 0,
    isAuthentic: (flags & 0x20) !== 0,
  }
}

/** Octets from the network may be anything. */
function decoded(bytes: Buffer): Packet | undefined {
  try {
    return decode(bytes)
  } catch {
    return undefined
  }
}

function answerOf(answer: Answer): DnsAnswer[] {
  if (answer.type === 'OPT') return []
  const head = { name: asciiName(answer.name), ttl: 'ttl' in answer ? (answer.ttl ?? 0) : 0 }
  switch (answer.type) {
    case 'A':
    case 'AAAA':
      return [{ ...head, type: answer.type, address: answer.data }]
    case 'CNAME':
    case 'NS':
      return [{ ...head, type: answer.type, target: asciiName(answer.data) }]
    case 'MX':
      return [{ ...head, type: 'MX', target: asciiName(answer.data.exchange) }]
    case 'TXT':
      return [{ ...head, type: 'TXT', strings: [answer.data].flat().map((part) => part.toString()) }]
    case 'SOA':
      return [{ ...head, type: 'SOA', serial: answer.data.serial ?? 0, minimum: answer.data.minimum ?? 0 }]
    default:
      return []
  }
}
