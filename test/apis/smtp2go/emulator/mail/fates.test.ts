import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { draft, eventsOf, mailBench, messages } from './mail.ts'

describe('what becomes of mail', () => {
  test('the tag of a recipient decides', async () => {
    await using emulator = await mailBench({
      domains: [{ domain: { fulldomain: 'shop.example', dkim_verified: true, rpath_verified: true } }],
    })
    const to = ['a+hardbounce@x.example', 'b+softbounce@x.example', 'c+spam@x.example', 'd+unsubscribe@x.example']
    await emulator.post('/email/send', draft({ to }))
    expect(eventsOf(messages(emulator)[0]).filter((one) => !one.startsWith('processed'))).toEqual([
      'hard-bounced a+hardbounce@x.example',
      'soft-bounced b+softbounce@x.example',
      'delivered c+spam@x.example',
      'spam c+spam@x.example',
      'delivered d+unsubscribe@x.example',
      'unsubscribed d+unsubscribe@x.example',
    ])
    await emulator.post('/email/send', draft({ to }))
    expect(messages(emulator)[1]?.['recipients']).toMatchObject([
      { fate: 'suppressed' },
      { fate: 'bounced' },
      { fate: 'suppressed' },
      { fate: 'suppressed' },
    ])
  })

  test('a hard bounce is forgotten after a week', async () => {
    await using emulator = await mailBench()
    await emulator.control('POST', '/outcomes', { to: '*@gone.example', outcome: 'hardbounce' })
    await emulator.settled()
    await emulator.post('/email/send', draft({ to: ['x@gone.example'] }))
    await emulator.post('/email/send', draft({ to: ['x@gone.example'] }))
    await emulator.advance('8 days')
    await emulator.post('/email/send', draft({ to: ['x@gone.example'] }))
    expect(messages(emulator).map((one) => eventsOf(one).at(-1))).toEqual([
      'hard-bounced x@gone.example',
      'rejected x@gone.example',
      'hard-bounced x@gone.example',
    ])
  })

  test('what is delayed is delivered when its time has come', async () => {
    await using emulator = await mailBench({}, { delayMinutes: 30 })
    await emulator.post('/email/send', draft({ to: ['a+delay@x.example'] }))
    expect(eventsOf(messages(emulator)[0])).toEqual(['processed a+delay@x.example'])
    await emulator.advance('29 minutes')
    expect(eventsOf(messages(emulator)[0])).toHaveLength(1)
    await emulator.advance('2 minutes')
    expect(eventsOf(messages(emulator)[0])).toEqual(['processed a+delay@x.example', 'delivered a+delay@x.example'])
  })

  test('mail beyond what a free plan sends in a day waits for the next', async () => {
    await using emulator = await mailBench({}, { plan: 'free' })
    const people = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, at) => `p${from + at}@example.net`)
    for (const [from, to] of [
      [0, 100],
      [100, 200],
      [200, 203],
    ] as const)
      await emulator.post('/email/send', draft({ to: people(from, to) }))
    const fates = () =>
      messages(emulator).flatMap(({ recipients }) =>
        Array.isArray(recipients) ? recipients.map(({ fate }) => fate) : [],
      )
    expect(fates().filter((fate) => fate === 'queued')).toHaveLength(3)
    await emulator.advance('25 hours')
    expect(fates().filter((fate) => fate === 'queued')).toHaveLength(0)
  })

  test('a subaccount sends as much of its plan as the setting says', async () => {
    await using emulator = await mailBench()
    const key = `api-${'Sub'.padEnd(32, '0')}`
    const sub = { domains: [{ domain: { fulldomain: 'shop.example', dkim_verified: true, rpath_verified: true } }] }
    emulator.setState({
      smtp2go: {
        keys: [{ api_key: key, subaccount_id: 'sub001' }],
        scopes: { sub001: sub },
        subaccounts: [{ id: 'sub001', name: 'North', plan_size: 2 }],
      },
    })
    const send = async (to: readonly string[]) =>
      (await emulator.post('/email/send', draft({ to }), { 'x-smtp2go-api-key': key })).data
    expect(await send(['a@x.example', 'b@x.example'])).toMatchObject({ succeeded: 1 })
    expect(await send(['c@x.example'])).toMatchObject({ failed: 1 })
    emulator.settings({ subaccountQuotaPercent: null })
    expect(await send(['c@x.example'])).toMatchObject({ succeeded: 1 })
  })

  test('only so many messages are kept', async () => {
    await using emulator = await mailBench({}, { keptMessages: 2 })
    for (const subject of ['1', '2', '3']) await emulator.post('/email/send', draft({ subject }))
    expect(messages(emulator).map(({ subject }) => subject)).toEqual(['2', '3'])
  })

  test('endpoints that the description lacks can be taken away, and a text message has a price', async () => {
    await using emulator = await mailBench({}, { smsUnitCost: 0.1 })
    await emulator.post('/sms/send', { destination: ['+15550100'], content: 'x'.repeat(161) })
    expect((await emulator.post('/sms/summary', {})).data).toEqual({
      total_messages: 1,
      total_units: 2,
      total_cost: 0.2,
    })
    expect((await emulator.post('/subaccounts/usage', {})).status).toBe(200)
    emulator.settings({ seedOnly: 'refuse' })
    expect((await emulator.post('/subaccounts/usage', {})).status).toBe(404)
  })
})

interface Called {
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

/** A webhook's other end; it refuses the first calls. */
async function receiver(refusals = 0) {
  const calls: Called[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', () => {
      calls.push({ headers: request.headers, body })
      response.writeHead(calls.length <= refusals ? 500 : 200).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { calls, port, [Symbol.asyncDispose]: async () => void server.close() }
}

describe('webhooks', () => {
  test('are called for what they ask for, in their format and with their credentials', async () => {
    await using hook = await receiver()
    const url = (path: string) => `http://127.0.0.1:${hook.port}/${path}`
    const webhooks = [
      {
        id: 1,
        url: url('json'),
        events: ['delivered'],
        output_format: 'json',
        auth_header_type: 'bearer',
        auth_header_value: 'token',
        headers: ['X-Customer'],
      },
      {
        id: 2,
        url: url('form').replace('//', '//ann:secret@'),
        events: ['processed', 'bounce'],
        custom_headers: [{ header: 'X-Own', value: 'v' }],
      },
      { id: 3, url: url('other'), events: ['delivered'], usernames: ['somebody'] },
      { id: 4, url: url('off'), events: ['delivered'], disabled: true },
      { id: 5, url: 'https://hooks.example.com/', events: ['delivered'] },
    ]
    await using emulator = await mailBench({ webhooks })
    await emulator.post('/email/send', draft({ custom_headers: [{ header: 'X-Customer', value: '17' }] }))
    await emulator.settled()
    expect(hook.calls).toHaveLength(2)
    const json = hook.calls.find(({ body }) => body.startsWith('{'))
    const form = hook.calls.find(({ body }) => !body.startsWith('{'))
    expect(json?.headers).toMatchObject({ authorization: 'Bearer token', 'content-type': 'application/json' })
    expect(JSON.parse(json?.body ?? '')).toMatchObject({
      event: 'delivered',
      rcpt: 'bob@example.net',
      from_address: 'ann@shop.example',
      from_name: 'Ann',
      auth: 'api-EmulatorMast',
      'X-Customer': '17',
    })
    expect(form?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('ann:secret').toString('base64')}`,
      'x-own': 'v',
    })
    expect(Object.fromEntries(new URLSearchParams(form?.body))).toMatchObject({
      event: 'processed',
      recipients: 'bob@example.net',
    })
    expect(emulator.requests().filter(({ path }) => path.startsWith('/json'))).toEqual([])
  })

  test('are tried again as the clock moves on, 35 times in 48 hours', async () => {
    await using hook = await receiver(3)
    await using emulator = await mailBench({
      webhooks: [{ id: 1, url: `http://127.0.0.1:${hook.port}/`, events: ['delivered'] }],
    })
    await emulator.post('/email/send', draft())
    await emulator.settled()
    expect(hook.calls).toHaveLength(1)
    await emulator.advance('1 day')
    expect(hook.calls).toHaveLength(4)
    await using never = await receiver(1000)
    await using other = await mailBench({
      webhooks: [{ id: 1, url: `http://127.0.0.1:${never.port}/`, events: ['delivered'] }],
    })
    await other.post('/email/send', draft())
    await other.advance('3 days')
    expect(never.calls).toHaveLength(35)
    other.settings({ webhookTries: 1, webhookRetryMinutes: 1, webhookEventNames: 'seen' })
    await other.post('/email/send', draft({ to: ['c+spam@x.example'] }))
    await other.advance('1 hour')
    expect(never.calls).toHaveLength(36)
  })

  test('have the names that one library saw by setting', async () => {
    await using hook = await receiver()
    await using emulator = await mailBench({
      webhooks: [{ id: 1, url: `http://127.0.0.1:${hook.port}/`, events: ['spam'], output_format: 'json' }],
    })
    await emulator.post('/email/send', draft({ to: ['c+spam@x.example'] }))
    emulator.settings({ webhookEventNames: 'seen' })
    await emulator.post('/email/send', draft({ to: ['d+spam@x.example'] }))
    await emulator.settled()
    expect(hook.calls.map(({ body }) => JSON.parse(body).event)).toEqual(['spam', 'spam_complaint'])
  })
})
