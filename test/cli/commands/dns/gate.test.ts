import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type DnsServers, hasServers } from '../../../dns/servers.ts'
import { closeHomes, codes, type Home, home, STRONG, written } from '../../harness.ts'
import { records, serve, ZONES } from './names.ts'

afterEach(closeHomes)

/** Verified domains; `wrong.example` lost its records since. */
const SEED = {
  smtp2go: {
    scopes: {
      '': {
        domains: [
          domain('shop.example', 101),
          domain('wrong.example', 103),
          { ...domain('lent.example', 104), subaccount_access: { subaccounts: ['sub001'], future_subaccounts: false } },
        ],
      },
      sub001: {},
    },
    subaccounts: [{ id: 'sub001', name: 'Acme', email: 'it@acme.example' }],
  },
}

function domain(fulldomain: string, number: number) {
  const verified = { dkim_verified: true, rpath_verified: true }
  return {
    domain: { fulldomain, dkim_selector: `s${number}`, rpath_selector: `em${number}`, ...verified },
    last_checked: '2026-11-01T00:00:00Z',
  }
}

const REJECT = '_dmarc IN TXT "v=DMARC1; p=reject"'
const SERVED = {
  ...ZONES,
  'wrong.example': `em103 IN CNAME return.smtp2go.net.\n${REJECT}`,
  'lent.example': REJECT,
  'calm.example': '_dmarc IN TXT "v=DMARC1; p=none"',
}
const env = { PASSWORD: STRONG }
const USER = 'smtpUsers:\n  - { username: new-app, password: "${env:PASSWORD}" }\n'
const SINGLE = 'singleSenders: [ceo@other.example]\n'

describe.runIf(hasServers)('the gate WOULD_FAIL_DMARC', () => {
  let servers: DnsServers
  let resolver = ''
  beforeAll(async () => {
    servers = await serve(SERVED)
    resolver = `--resolver ${servers.unbound.name}`
  })
  afterAll(async () => await servers[Symbol.asyncDispose]())

  const planned = async (at: Home, body: string, options = `--dns ${resolver}`) => {
    at.spec(body)
    const { code, stdout, stderr } = await at.run(`plan --format json ${options}`, { env })
    const { gates, warnings } = JSON.parse(stdout)
    const found = (gates as { code: string; reason: string; addresses: string[]; accept: string }[]).filter(
      (one) => one.code === 'WOULD_FAIL_DMARC',
    )
    return { code, stderr, gates: found, warnings: warnings as { code: string }[] }
  }

  test('closes for a single sender whose domain enforces, and opens with its token', async () => {
    const at = await home({ seed: SEED })
    const { gates } = await planned(at, SINGLE)
    expect(gates).toMatchObject([
      {
        reason:
          'singleSenders/ceo@other.example: its mail is not signed by other.example, and other.example asks receivers to reject it',
        addresses: ['main:singleSenders/ceo@other.example'],
      },
    ])
    const refused = await at.run(`apply --auto-approve --dns ${resolver}`, { env })
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('WOULD_FAIL_DMARC') })
    expect(written(at.emulator)).toEqual([])
    const accept = /--accept (G\d+:[0-9a-f]{4})/.exec(refused.stderr)?.[0] ?? ''
    expect((await at.run(`apply --auto-approve --dns ${resolver} ${accept}`, { env })).code).toBe(0)
    expect(written(at.emulator)).toEqual(['POST /single_sender_emails/add'])
    expect((await planned(at, SINGLE)).gates).toEqual([])
  })

  test.each([
    ['its domain asks for nothing', 'singleSenders: [ann@calm.example]\n'],
    ['a verified sender domain signs for it', 'singleSenders: [ann@shop.example]\n'],
  ])('is open where %s', async (_, body) => {
    const at = await home({ seed: SEED })
    const { gates, warnings } = await planned(at, body)
    expect({ gates, warnings }).toEqual({ gates: [], warnings: [] })
  })

  test('closes for a domain with wrong records once something that sends from it is added', async () => {
    const at = await home({ seed: SEED })
    const { gates } = await planned(at, USER)
    expect(gates).toMatchObject([
      { addresses: ['main:senderDomains/wrong.example', 'main:senderDomains/lent.example'] },
    ])
    expect(gates[0]?.reason).toContain(
      'senderDomains/wrong.example, from which smtpUsers/new-app would send: s103._domainkey.wrong.example is not there, and wrong.example asks receivers to reject mail that fails',
    )
    expect((await planned(at, 'suppressions: [gone@example.net]\n')).gates).toEqual([])
  })

  test('looks at what the account lends to a subaccount', async () => {
    const at = await home({ seed: SEED })
    const { gates } = await planned(at, `account: main\nsubaccount: Acme\n${USER}`)
    expect(gates).toMatchObject([{ addresses: ['main:senderDomains/lent.example'] }])
  })

  test('does not close for a new domain under an enforcing policy: that is a note', async () => {
    const at = await home({ seed: { smtp2go: { scopes: { '': {} } } } })
    const { gates, warnings, stderr } = await planned(at, `senderDomains: [{ domain: other.example }]\n${USER}`)
    expect({ gates, warnings }).toEqual({ gates: [], warnings: [] })
    expect(stderr).toContain('note: other.example is new: its DNS records are known once it is in the account')
  })

  test('is asked for by the spec as well, and by nothing else', async () => {
    const at = await home({ seed: SEED })
    expect((await planned(at, `safety: { dns: true }\n${SINGLE}`, resolver)).gates).toHaveLength(1)
    expect((await planned(at, SINGLE, resolver)).gates).toEqual([])
  })

  test('a resolver that does not answer is a warning, and blocks nothing', async () => {
    const at = await home({ seed: SEED })
    const { code, gates, warnings } = await planned(at, SINGLE, '--dns --resolver 127.0.0.1:9')
    expect({ code, gates, codes: warnings.map((one) => one.code) }).toEqual({
      ...{ code: 0, gates: [] },
      codes: ['DNS_UNANSWERED'],
    })
    const applied = await at.run('apply --auto-approve --dns --resolver 127.0.0.1:9', { env })
    expect({ code: applied.code, codes: codes(applied.stderr) }).toEqual({
      code: 0,
      codes: ['mailconfig.yaml:7:17 DNS_UNANSWERED'],
    })
  })

  test('a saved plan keeps the question: its apply asks again, and refuses what changed', async () => {
    await using own = await serve({ ...SERVED, 'other.example': '_dmarc IN TXT "v=DMARC1; p=none"' })
    const at = await home({ seed: SEED })
    at.spec(SINGLE)
    expect((await at.run(`plan --dns --resolver ${own.unbound.name} -o plan.json`, { env })).code).toBe(0)
    expect(JSON.parse(at.text('plan.json')).saved.dns).toEqual({ everything: true, resolvers: [own.unbound.name] })
    const strict = { ...SERVED, 'other.example': `${REJECT}\n${records(1)}` }
    await own.publish({ nsd: strict, knot: strict })
    // The resolver remembers the old policy; another one does not.
    await using fresh = await serve(strict)
    const refused = await at.run(`apply plan.json --resolver ${fresh.unbound.name}`, { env })
    expect(refused.code).toBe(3)
    expect(refused.stderr).toContain('WOULD_FAIL_DMARC')
    expect(written(at.emulator)).toEqual([])
    expect((await at.run('apply plan.json', { env })).code).toBe(0)
    expect(written(at.emulator)).toEqual(['POST /single_sender_emails/add'])
  })

  test('an accepted gate is remembered by a saved plan', async () => {
    const at = await home({ seed: SEED })
    at.spec(SINGLE)
    const { stdout } = await at.run(`plan --dns ${resolver}`, { env })
    const accept = /--accept (G\d+:[0-9a-f]{4})/.exec(stdout)?.[0] ?? ''
    expect((await at.run(`plan --dns ${resolver} ${accept} -o plan.json`, { env })).code).toBe(0)
    expect((await at.run('apply plan.json', { env })).code).toBe(0)
    expect(written(at.emulator)).toEqual(['POST /single_sender_emails/add'])
  })
})
