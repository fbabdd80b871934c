import { createSocket, type Socket } from 'node:dgram'
import { decode, encode } from 'dns-packet'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { ask } from '../../../src/dns/wire/ask.ts'
import { decodeReply, encodeQuestion } from '../../../src/dns/wire/message.ts'
import { readServer, serverAt } from '../../../src/dns/wire/server.ts'
import { quick } from '../servers.ts'

const QUESTION = { name: 'shop.example', type: 'TXT', recursion: true } as const

/** An answer to a question as some server might give it. */
function reply(question: Buffer, more: object = {}, name = 'shop.example'): Buffer {
  const { id } = decode(question)
  const data = [Buffer.from('hello')]
  return encode({
    ...{ type: 'response', id: id ?? 0, flags: 0, questions: [{ type: 'TXT', name }] },
    answers: [{ type: 'TXT', name, ttl: 60, data }],
    ...more,
  })
}

describe('a question', () => {
  test('asks for recursion at a resolver alone, and says how large an answer may be', () => {
    for (const recursion of [true, false]) {
      const { flags, additionals } = decode(encodeQuestion({ ...QUESTION, recursion }, 7))
      expect(((flags ?? 0) & 0x100) !== 0).toBe(recursion)
      expect(additionals).toMatchObject([{ type: 'OPT', udpPayloadSize: 1232 }])
    }
  })
})

describe('an answer', () => {
  const question = encodeQuestion(QUESTION, 7)

  test('is read with its flags, its records and its code', () => {
    const bytes = reply(question, { flags: 0x400 | 0x20 | 3 })
    expect(decodeReply(bytes, QUESTION, 7)).toEqual({
      ...{ code: 'NXDOMAIN', isAuthoritative: true, isTruncated: false, isAuthentic: true, authority: [] },
      answers: [{ type: 'TXT', name: 'shop.example', ttl: 60, strings: ['hello'] }],
    })
  })

  test.each([
    ['another number', () => decodeReply(reply(question), QUESTION, 8)],
    ['another name', () => decodeReply(reply(question, {}, 'evil.example'), QUESTION, 7)],
    ['another type', () => decodeReply(reply(question), { ...QUESTION, type: 'A' }, 7)],
    ['a question', () => decodeReply(question, QUESTION, 7)],
  ])('with %s is none', (_, read) => {
    expect(read()).toBeUndefined()
  })

  test('of any octets breaks nothing', () => {
    const good = reply(question)
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 600 }),
          fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 6 }).map((edits) => {
            const bytes = Uint8Array.from(good)
            for (const [at, octet] of edits) bytes[at] = octet
            return bytes
          }),
        ),
        (bytes) => {
          const found = decodeReply(Buffer.from(bytes), QUESTION, 7)
          expect(found === undefined || typeof found.code === 'string').toBe(true)
        },
      ),
      { numRuns: Number(process.env['MAILCONFIG_RUNS'] ?? 1000) },
    )
  })
})

describe('asking', () => {
  const sockets: Socket[] = []
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close()
  })

  /** A server that does what a test wants with each question. */
  const serve = async (answer: (question: Buffer, count: number) => readonly Buffer[]) => {
    const socket = createSocket('udp4')
    sockets.push(socket)
    let count = 0
    socket.on('message', (question, from) => {
      count += 1
      for (const one of answer(question, count)) socket.send(one, from.port, from.address)
    })
    await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done))
    return { server: serverAt('127.0.0.1', socket.address().port), count: () => count }
  }

  test('waits past what is no answer to the question', async () => {
    const { server } = await serve((question) => [Buffer.from('noise'), reply(question, { id: 1 }), reply(question)])
    expect(await ask(server, QUESTION, quick)).toMatchObject({ code: 'NOERROR', answers: [{ strings: ['hello'] }] })
  })

  test('asks again once where a datagram was lost', async () => {
    const { server, count } = await serve((question, at) => (at === 1 ? [] : [reply(question)]))
    expect(await ask(server, QUESTION, { ...quick, timeoutMs: 100 })).toMatchObject({ code: 'NOERROR' })
    expect(count()).toBe(2)
  })

  test('asks without EDNS where a server does not know it', async () => {
    const { server, count } = await serve((question) => [
      reply(question, decode(question).additionals?.length === 0 ? {} : { flags: 1, answers: [] }),
    ])
    expect(await ask(server, QUESTION, quick)).toMatchObject({ code: 'NOERROR', answers: [{ strings: ['hello'] }] })
    expect(count()).toBe(2)
  })

  test('ends where nothing comes, where nobody listens, and where it is interrupted', async () => {
    const { server } = await serve(() => [])
    expect(await ask(server, QUESTION, { ...quick, timeoutMs: 100 })).toEqual({ why: 'no answer within 0.1 s' })
    const nobody = await ask(serverAt('127.0.0.1', 9), QUESTION, quick)
    expect(nobody).toEqual({ why: 'the connection was refused' })
    const controller = new AbortController()
    const asked = ask(server, QUESTION, { timeoutMs: 60_000, signal: controller.signal })
    controller.abort()
    expect(await asked).toEqual({ why: 'interrupted' })
  })

  test('of a name that DNS cannot hold asks nobody', async () => {
    const { server, count } = await serve(() => [])
    for (const name of [`${'x'.repeat(64)}.example`, 'a..example', '', `${'x.'.repeat(130)}example`])
      expect(await ask(server, { ...QUESTION, name }, quick)).toEqual({ why: 'DNS cannot hold this name' })
    expect(count()).toBe(0)
  })
})

test.each([
  ['192.0.2.53', { address: '192.0.2.53', port: 53, name: '192.0.2.53' }],
  ['192.0.2.53:5353', { address: '192.0.2.53', port: 5353, name: '192.0.2.53:5353' }],
  ['2001:db8::53', { address: '2001:db8::53', port: 53, name: '2001:db8::53' }],
  ['[2001:db8::53]:5353', { address: '2001:db8::53', port: 5353, name: '[2001:db8::53]:5353' }],
  ['localhost', undefined],
  ['192.0.2.53:0', undefined],
  ['192.0.2.53:70000', undefined],
  ['[192.0.2.53]:53', undefined],
  ['', undefined],
])('the server "%s" is read', (text, server) => {
  expect(readServer(text)).toEqual(server)
})
