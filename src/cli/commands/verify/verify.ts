import { checkRecords, type DnsWorld } from '../../../dns/check/check-records.ts'
import { asciiName } from '../../../dns/names/name.ts'
import { senderRecords } from '../../../dns/records/sender-domain.ts'
import { formatScope } from '../../../model/address.ts'
import { isRecord } from '../../../model/json.ts'
import { FORMAT_VERSION } from '../../../model/run/plan-document.ts'
import { ApiError } from '../../../model/wire.ts'
import { type FoundSender, type FoundSenders, isVerified, openSenders } from '../../dns/domains.ts'
import { dnsWorld } from '../../dns/world.ts'
import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { paint, printable } from '../../terminal/paint.ts'

/** How long DNS may take to answer, in milliseconds. */
const DNS_PATIENCE_MS = 5000

/** Between two tries, in milliseconds: twice as long each time, from and to. The service looks by itself every seven minutes. */
const PAUSE = { first: 15_000, longest: 300_000 } as const

/** Where a domain stands. `waiting`: its records are not right. `unverified`: they are, and the service has not found them. */
type State = 'verified' | 'waiting' | 'unverified' | 'failed'

/** What is known of a domain, with the reason where it is not verified. */
interface Standing {
  readonly state: State
  readonly why: string
}

/** Asks the service to look at the records of domains that are not verified; exit 0 once all are, 2 while one is not. */
export async function verify(invocation: Invocation): Promise<number> {
  const { io, options } = invocation
  if (options.timeout !== undefined && options.wait === undefined) throw new Stop('--timeout requires --wait')
  const world = dnsWorld(invocation, DNS_PATIENCE_MS)
  const senders = await openSenders(invocation, { singles: false })
  if ('code' in senders) return senders.code
  const tell = teller(invocation)
  try {
    const standings = new Map<FoundSender, Standing>()
    const put = (sender: FoundSender, standing: Standing) => {
      const before = standings.get(sender)
      if (before?.state !== standing.state || before.why !== standing.why) tell(sender, standing)
      standings.set(sender, standing)
    }
    const until = io.now().getTime() + (options.wait === undefined ? 0 : (options.timeout ?? options.wait))
    for (let pause: number = PAUSE.first; ; pause = Math.min(pause * 2, PAUSE.longest)) {
      const open = senders.domains.filter((one) => standings.get(one)?.state !== 'verified')
      for (const sender of open) put(sender, await standingOf(sender, { senders, world, invocation }))
      const left = until - io.now().getTime()
      const isOver = [...standings.values()].every(({ state }) => state === 'verified' || state === 'failed')
      if (isOver || left <= 0 || io.signal.aborted) break
      await io.sleep(Math.min(pause, left), io.signal)
    }
    return finish(senders, standings, invocation)
  } finally {
    await senders.connection.close()
  }
}

interface Around {
  readonly senders: FoundSenders
  readonly world: DnsWorld
  readonly invocation: Invocation
}

/** Looks at the records of a domain first, so that the service is not asked in vain, and then asks. */
async function standingOf(sender: FoundSender, { senders, world, invocation }: Around): Promise<Standing> {
  const { key, values, scope } = sender
  if (isVerified(values)) return { state: 'verified', why: '' }
  const needed = senderRecords(key, values).filter(({ purpose }) => purpose !== 'tracking')
  const { records } = await checkRecords(asciiName(key), needed, world)
  // Where no name server can be reached from here, the service may still reach them.
  const wrong = records.filter(({ verdict }) => verdict !== 'right' && verdict !== 'unreachable')
  if (wrong.length > 0)
    return {
      state: 'waiting',
      why: wrong.map(({ name, verdict, reason }) => `${name} ${verdict}: ${reason ?? ''}`).join('; '),
    }
  const id = senders.idOf(scope)
  const certificate = sender.declared?.values['sslCertificate']
  try {
    const answer = await senders.connection.send(
      scope.account,
      {
        method: 'POST',
        path: '/domain/verify',
        body: {
          domain: key,
          ...(typeof certificate === 'boolean' ? { requisition_ssl: certificate } : {}),
          ...(id === null ? {} : { subaccount_id: id }),
        },
        reads: false,
      },
      invocation.io.signal,
    )
    return answered(answer, key)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const isPassing = ['rate', 'server', 'network'].includes(error.kind)
    return { state: isPassing ? 'unverified' : 'failed', why: error.message }
  }
}

/** What the service says of a domain after it looked. */
function answered(answer: unknown, key: string): Standing {
  const rows = isRecord(answer) && Array.isArray(answer['domains']) ? answer['domains'].filter(isRecord) : []
  const domain = rows
    .map((row) => (isRecord(row['domain']) ? row['domain'] : {}))
    .find(({ fulldomain }) => fulldomain === key)
  if (domain === undefined) return { state: 'failed', why: 'the service did not say anything about it' }
  const missing = (['dkim', 'rpath'] as const).filter((name) => domain[`${name}_verified`] !== true)
  if (missing.length === 0) return { state: 'verified', why: '' }
  const status = missing.map((name) => String(domain[`${name}_status`] ?? '').split('\n')[0] ?? '')
  const said = status.filter((text) => text !== '').join('; ')
  return { state: 'unverified', why: `the service has not found its records${said === '' ? '' : `: ${said}`}` }
}

const WORDS = { verified: 'verified', waiting: 'waiting', unverified: 'not yet', failed: 'failed' } as const

/** Writes a line for each change: to standard output as text, beside it where the result is JSON. */
function teller({ io, options }: Invocation): (sender: FoundSender, standing: Standing) => void {
  const output = options.format === 'json' ? io.stderr : io.stdout
  const color = paint(output, io.env, options.color)
  const colors = { verified: color.green, waiting: color.yellow, unverified: color.yellow, failed: color.red }
  return ({ key, scope }, { state, why }) => {
    const place = scope.subaccount === null ? '' : ` (${formatScope(scope)})`
    const word = colors[state](WORDS[state].padEnd(8))
    output.write(`${word}  ${printable(`${key}${place}${why === '' ? '' : `  ${why}`}`)}\n`)
  }
}

function finish(
  { domains, awaited }: FoundSenders,
  standings: ReadonlyMap<FoundSender, Standing>,
  { io, options }: Invocation,
): number {
  const states = domains.map((one) => standings.get(one)?.state ?? 'unverified')
  if (options.format === 'json') {
    const rows = domains.map((one, at) => ({
      ...{ domain: one.key, ...one.scope },
      state: states[at],
      reason: standings.get(one)?.why ?? '',
    }))
    io.stdout.write(`${JSON.stringify({ formatVersion: FORMAT_VERSION, domains: rows }, null, 2)}\n`)
  } else if (domains.length === 0) io.stdout.write('There is no sender domain to verify.\n')
  for (const { domain } of awaited)
    io.stderr.write(`note: ${printable(domain)} is not in the account yet: apply the spec first\n`)
  if (io.signal.aborted) return EXIT.interrupted
  if (states.includes('failed')) return EXIT.failed
  return states.every((state) => state === 'verified') && awaited.length === 0 ? EXIT.ok : EXIT.changes
}
