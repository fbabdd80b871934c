import { RECORD_FORMATS } from '../../../dns/formats/formats.ts'
import { suggestedRecords } from '../../../dns/records/sender-domain.ts'
import type { DnsDocument } from '../../../model/run/dns-document.ts'
import { checkSenders } from '../../dns/check-senders.ts'
import { type FoundSenders, openSenders } from '../../dns/domains.ts'
import { dnsWorld } from '../../dns/world.ts'
import { writeResult } from '../../files/write.ts'
import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { type Paint, paint } from '../../terminal/paint.ts'
import { changeLines, checkText, recordsText } from './dns-text.ts'
import { checkDocument, recordsDocument } from './document.ts'

/** Between two checks, in milliseconds: twice as long each time, from and to. */
const PAUSE = { first: 5000, longest: 300_000 } as const

/** Shows the records of sender domains, or what DNS says of them. Sends nothing that changes anything. */
export async function dns(invocation: Invocation): Promise<number> {
  const { options } = invocation
  const world = options.check === true ? dnsWorld(invocation) : undefined
  refuseOdd(invocation)
  const senders = await openSenders(invocation, { singles: options.check === true })
  if ('code' in senders) return senders.code
  await senders.connection.close() // everything is read
  if (world === undefined) return write(recordsWritten(senders, invocation), invocation)
  const document = await checkedUntilRight(senders, invocation)
  write(checkWritten(document, invocation), invocation)
  return exitCode(document, options.strict === true)
}

/** What goes with a check, and what does not. */
function refuseOdd({ options }: Invocation): void {
  const { check, format = 'text', wait, resolver, nameserver, timeout } = options
  if (check === true && format !== 'text' && format !== 'json')
    throw new Stop(`--check cannot be combined with --format ${format}`, { hint: 'use --format json' })
  const needs = Object.entries({
    wait: wait !== undefined,
    resolver: resolver.length > 0,
    nameserver: nameserver.length > 0,
    timeout: timeout !== undefined,
  }).find(([, given]) => given)
  if (check !== true && needs !== undefined) throw new Stop(`--${needs[0]} requires --check`)
}

function recordsWritten(senders: FoundSenders, invocation: Invocation): string {
  const { options } = invocation
  const { format = 'text' } = options
  const writer = RECORD_FORMATS[format]
  if (writer !== undefined) {
    if (senders.domains.length === 0) throw new Stop('there is no sender domain whose records could be written')
    return writer(senders.domains.map(({ key, values }) => suggestedRecords(key, values)))
  }
  const document = recordsDocument(senders)
  return format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : recordsText(document, painted(invocation))
}

function checkWritten(document: DnsDocument, invocation: Invocation): string {
  return invocation.options.format === 'json'
    ? `${JSON.stringify(document, null, 2)}\n`
    : checkText(document, painted(invocation))
}

/** Colours for a terminal, and none for a file. */
function painted({ io, options }: Invocation): Paint {
  return paint(io.stdout, io.env, options.color && options.out === undefined)
}

/** Checks once; with `--wait` again and again, until everything is right or the time is over. Each change is told as it is seen. */
async function checkedUntilRight(senders: FoundSenders, invocation: Invocation): Promise<DnsDocument> {
  const { io, options } = invocation
  const until = io.now().getTime() + (options.wait ?? 0)
  let before: DnsDocument | undefined
  for (let pause: number = PAUSE.first; ; pause = Math.min(pause * 2, PAUSE.longest)) {
    const document = checkDocument(senders, await checkSenders(senders, dnsWorld(invocation)))
    const left = until - io.now().getTime()
    if (isAllRight(document) || left <= 0 || io.signal.aborted) return document
    for (const line of changeLines(before, document)) io.stderr.write(`${line}\n`)
    before = document
    await io.sleep(Math.min(pause, left), io.signal)
  }
}

function isAllRight({ summary }: DnsDocument): boolean {
  return summary !== undefined && summary.wrong === 0 && summary.unknown === 0
}

/** 0: right; 2: not; 1: it cannot be told. */
function exitCode({ summary, awaited, problems }: DnsDocument, strict: boolean): number {
  if (summary === undefined) return EXIT.failed
  if (summary.wrong > 0 || awaited.length > 0 || problems.some((one) => strict || one.severity === 'error'))
    return EXIT.changes
  return summary.unknown > 0 ? EXIT.failed : EXIT.ok
}

function write(text: string, { io, options }: Invocation): number {
  if (options.out === undefined) io.stdout.write(text)
  else {
    writeResult(io, options.out, text, options.force === true)
    io.stderr.write(`Wrote ${options.out}.\n`)
  }
  return EXIT.ok
}
