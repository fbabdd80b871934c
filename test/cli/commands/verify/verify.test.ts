import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type DnsServers, hasServers } from '../../../dns/servers.ts'
import { closeHomes, writes, written } from '../../harness.ts'
import { asking, records, serve, shopHome, ZONES } from '../dns/names.ts'

afterEach(closeHomes)

const FOUND = ['s101._domainkey.shop.example', 'em101.shop.example']

describe.runIf(hasServers)('verify', () => {
  let servers: DnsServers
  beforeAll(async () => {
    servers = await serve({ ...ZONES, 'news.example': 'em102 IN CNAME return.smtp2go.net.' })
  })
  afterAll(async () => await servers[Symbol.asyncDispose]())

  test('asks the service for a domain whose records are right', async () => {
    const at = await shopHome()
    at.emulator.settings({ publishedDns: FOUND })
    const { code, stdout } = await at.run(`verify shop.example ${asking(servers)}`)
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'verified  shop.example\n' })
    expect(written(at.emulator)).toEqual(['POST /domain/verify'])
    const again = await at.run(`verify shop.example ${asking(servers)}`)
    expect(again).toMatchObject({ code: 0, stdout: 'verified  shop.example\n' })
    expect(written(at.emulator)).toHaveLength(1)
  })

  test('does not ask in vain where a record is missing, and ends with 2', async () => {
    const at = await shopHome()
    const { code, stdout } = await at.run(`verify news.example ${asking(servers)}`)
    expect({ code, stdout }).toEqual({
      code: 2,
      stdout: 'waiting   news.example  s102._domainkey.news.example missing: is not there\n',
    })
    expect(writes(at.emulator)).toEqual([])
  })

  test('asks in the subaccount that has the domain', async () => {
    const at = await shopHome()
    at.emulator.settings({ publishedDns: ['s201._domainkey.acme.example', 'em201.acme.example'] })
    const { code, stdout } = await at.run(`verify acme.example ${asking(servers)}`)
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'verified  acme.example (main/Acme)\n' })
    expect(writes(at.emulator).map(({ body }) => body)).toMatchObject([{ subaccount_id: 'sub001' }])
  })

  test('says what the service has not found, and ends with 2', async () => {
    const at = await shopHome()
    at.emulator.settings({ publishedDns: FOUND.slice(0, 1) })
    const { code, stdout } = await at.run(`verify shop.example --format json ${asking(servers)}`)
    expect(JSON.parse(stdout)).toMatchObject({
      domains: [
        {
          ...{ domain: 'shop.example', account: 'main', subaccount: null, state: 'unverified' },
          reason: expect.stringContaining('Lookup CNAME(em101.shop.example.)'),
        },
      ],
    })
    expect(code).toBe(2)
  })

  test('with --wait asks again, tells each change once, and ends when all are verified', async () => {
    await using late = await serve({ ...ZONES, 'shop.example': 'em101 IN CNAME return.smtp2go.net.' })
    const at = await shopHome()
    at.emulator.settings({ publishedDns: FOUND })
    const running = at.start(
      `verify shop.example --wait --timeout 1m --nameserver ${late.nsd.name} --resolver ${servers.unbound.name}`,
    )
    await running.says(/waiting/)
    await late.publish({ nsd: { ...ZONES, 'shop.example': records(101) } })
    const { code, stdout } = await running.ended
    expect({ code, stdout: stdout.split('\n') }).toEqual({
      code: 0,
      stdout: [
        'waiting   shop.example  s101._domainkey.shop.example missing: is not there',
        'verified  shop.example',
        '',
      ],
    })
  }, 40_000)

  test('of an API that refuses ends with 1', async () => {
    const at = await shopHome()
    at.emulator.faults([{ match: { path: '/v3/domain/verify' }, fault: 'html' }])
    const { code, stdout } = await at.run(`verify shop.example ${asking(servers)}`)
    expect(stdout).toMatch(/^failed {4}shop\.example {2}/)
    expect(code).toBe(1)
  })
})
