import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type DnsServers, hasServers } from '../../../dns/servers.ts'
import { closeHomes, golden, writes } from '../../harness.ts'
import { asking, records, SPEC, serve, shopHome, ZONES } from './names.ts'

afterEach(closeHomes)

const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync('schemas/dns.schema.json', 'utf8')))

describe('dns', () => {
  test('shows the records of every sender domain, those of subaccounts too', async () => {
    const at = await shopHome()
    const { code, stdout, stderr } = await at.run('dns')
    golden('dns-records', stdout)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(writes(at.emulator)).toEqual([])
  })

  test('as JSON it has the records as data, of a published schema', async () => {
    const at = await shopHome(`${SPEC}  - domain: later.example\n`)
    const document = JSON.parse((await at.run('dns acme.example later.example --format json')).stdout)
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true)
    expect(document).toMatchObject({
      domains: [
        {
          ...{ domain: 'acme.example', account: 'main', subaccount: 'Acme' },
          records: [
            { purpose: 'dkim', name: 's201._domainkey.acme.example', type: 'CNAME', value: 'dkim.smtp2go.net' },
            { purpose: 'returnPath' },
            { purpose: 'tracking' },
            { purpose: 'dmarc', name: '_dmarc.acme.example', type: 'TXT' },
          ],
        },
      ],
      awaited: [{ domain: 'later.example', account: 'main', subaccount: 'Acme' }],
    })
  })

  test('works without a spec, with the account of the environment', async () => {
    const at = await shopHome()
    const env = { SMTP2GO_API_KEY: at.emulator.apiKey, SMTP2GO_URL: at.emulator.smtp2go }
    const { code, stdout } = await at.run('dns shop.example', { env, cwd: at.file('empty/x', '').slice(0, -2) })
    expect(stdout).toContain('s101._domainkey')
    expect(code).toBe(0)
  })

  test.each([
    ['--only "senderDomains/n*"', ['news.example']],
    ['--exclude "senderDomains/n*"', ['shop.example', 'acme.example']],
    ['--only "main/Acme:*"', ['acme.example']],
    ['SHOP.example.', ['shop.example']],
  ])('%s chooses domains', async (words, domains) => {
    const at = await shopHome()
    const { domains: found } = JSON.parse((await at.run(`dns --format json ${words}`)).stdout)
    expect(found.map(({ domain }: { domain: string }) => domain)).toEqual(domains)
  })

  test('writes a file, and over one only if it is told to', async () => {
    const at = await shopHome()
    expect((await at.run('dns shop.example --format zone -o shop.zone')).code).toBe(0)
    expect(at.text('shop.zone')).toContain('em101.shop.example.           3600 IN CNAME return.smtp2go.net.')
    expect(await at.run('dns -o shop.zone')).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') })
    expect((await at.run('dns -o shop.zone --force')).code).toBe(0)
  })

  test.each([
    [
      'dns none.example',
      /no account has the sender domain "none\.example"[\s\S]*there are: shop\.example, news\.example/,
    ],
    ['dns "not a domain"', /"not a domain" is not a domain/],
    ['dns --wait 1m', /--wait requires --check/],
    ['dns --resolver 127.0.0.1', /--resolver requires --check/],
    ['dns --check --format zone', /--check cannot be combined with --format zone/],
    ['dns --check --resolver localhost', /"localhost" of --resolver is not the address of a name server/],
    ['dns --format csv', /'--format <format>' argument 'csv' is invalid/],
  ])('%s is refused', async (command, says) => {
    const at = await shopHome()
    const { code, stdout, stderr } = await at.run(command)
    expect(stderr).toMatch(says)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  })
})

describe.runIf(hasServers)('dns --check', () => {
  let right: DnsServers
  beforeAll(async () => {
    right = await serve(ZONES)
  })
  afterAll(async () => await right[Symbol.asyncDispose]())

  test('of records that are right ends with 0', async () => {
    const at = await shopHome()
    const { code, stdout } = await at.run(`dns --check shop.example ${asking(right)}`)
    golden('dns-right', plain(stdout))
    expect(code).toBe(0)
    expect(writes(at.emulator)).toEqual([])
  })

  test('of records that are not ends with 2, and says of each what is the matter', async () => {
    await using servers = await serve(
      {
        ...ZONES,
        'shop.example': [
          's101._domainkey IN CNAME dkim.smtp2go.net.',
          'em101 IN CNAME return.smtp2go.net', // no dot
          'link IN A 192.0.2.30',
          '@ IN TXT "v=spf1 ip4:192.0.2.1" "include:_spf.shop.example -all"',
          '_spf IN TXT "v=spf1 -all"',
          '_dmarc IN TXT "v=DMARC1; p=quarantine; pct=50"',
        ].join('\n'),
      },
      { ...ZONES, 'shop.example': 'em101 IN CNAME return.smtp2go.net\nlink IN A 192.0.2.30' },
    )
    const at = await shopHome()
    const { code, stdout } = await at.run(`dns --check shop.example ${asking(servers)}`)
    const lines = plain(stdout)
    expect(lines).toMatch(
      /^ {2}spreading {2}CNAME s101\._domainkey +dkim\.smtp2go\.net +\S+ lacks? it; wait 30 s at most \(SOA\)$/m,
    )
    expect(lines).toMatch(
      /^ {2}wrong {6}CNAME em101 +return\.smtp2go\.net +is return\.smtp2go\.net\.shop\.example: the host appends the zone/m,
    )
    expect(lines).toMatch(/^ {2}flattened {2}CNAME link +track\.smtp2go\.net +an address instead/m)
    expect(lines).toContain('1 of 1 domain is not right.')
    expect(code).toBe(2)
  })

  test('says what single senders meet, and what is odd; in JSON of the published schema', async () => {
    const at = await shopHome()
    const { code, stdout } = await at.run(`dns --check --format json ${asking(right)}`)
    const document = JSON.parse(stdout)
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true)
    expect(document).toMatchObject({
      domains: [
        { domain: 'shop.example', dmarc: { policy: 'quarantine', tag: 'p', dkimAligned: true, spfAligned: true } },
        { domain: 'news.example', spf: { result: 'none', lookups: 0 } },
        {
          domain: 'acme.example',
          subaccount: 'Acme',
          dmarc: { policy: 'reject', dkimAligned: true, spfAligned: false },
        },
      ],
      singleSenders: [
        { email: 'ceo@other.example', dmarc: { policy: 'reject', policyDomain: 'other.example', dkimAligned: false } },
        { email: 'ann@shop.example', dmarc: { policy: 'quarantine' } },
      ],
      problems: [
        { code: 'DMARC_UNALIGNED', severity: 'warning', at: { file: 'mailconfig.yaml', line: 11 } },
        { code: 'DMARC_UNALIGNED', message: expect.stringContaining('singleSenders/ann@shop.example') },
      ],
      summary: { right: 3, wrong: 0, unknown: 0 },
    })
    expect(code).toBe(0)
  })

  test('a lint of DNS is allowed by a comment, switched off and made an error; other commands do not mind', async () => {
    const at = await shopHome()
    const options = `--check --exclude "singleSenders/ann*" ${asking(right)}`
    const found = async (spec: string) => {
      at.spec(spec)
      const { code, stdout } = await at.run(`dns ${options}`)
      return { code, isFound: stdout.includes('DMARC_UNALIGNED') }
    }
    const comment = '  # mailconfig: allow DMARC_UNALIGNED because nothing important is sent\n  - ceo'
    const allowed = SPEC.replace('  - ceo', comment)
    expect(await found(SPEC)).toEqual({ code: 0, isFound: true })
    expect(await found(allowed)).toEqual({ code: 0, isFound: false })
    expect(await found(`lint: { DMARC_UNALIGNED: off }\n${SPEC}`)).toEqual({ code: 0, isFound: false })
    expect(await found(`lint: { DMARC_UNALIGNED: error }\n${SPEC}`)).toEqual({ code: 2, isFound: true })
    at.spec(allowed)
    for (const command of ['validate --strict', 'plan --strict']) {
      const { code, stderr } = await at.run(command)
      expect({ command, code, stderr }).toEqual({ command, code: 0, stderr: '' })
    }
    at.spec(allowed.replace('DMARC_UNALIGNED', 'DMARC_UNALINGED'))
    expect((await at.run('validate')).stderr).toContain('did you mean "DMARC_UNALIGNED"?')
  })

  test('with --wait it checks again until all is right, and tells each change', async () => {
    await using servers = await serve({ ...ZONES, 'shop.example': 'nothing IN A 192.0.2.1' })
    const at = await shopHome()
    const running = at.start(
      `dns --check --wait 1m shop.example --nameserver ${servers.nsd.name} --nameserver ${servers.knot.name} --resolver ${right.unbound.name}`,
    )
    await running.says(/em101\.shop\.example {2}missing/)
    await servers.publish({ nsd: ZONES, knot: ZONES })
    const { code, stdout, stderr } = await running.ended
    expect({ code, stderr: stderr.split('\n').sort() }).toEqual({
      code: 0,
      stderr: [
        '',
        'em101.shop.example  missing  is not there',
        'link.shop.example  missing  is not there',
        's101._domainkey.shop.example  missing  is not there',
      ],
    })
    expect(stdout).toContain('The records of the domain are right.')
  }, 30_000)

  test('that runs out of time ends with 2; with servers that are dead, with 1', async () => {
    const at = await shopHome(SPEC)
    await using servers = await serve({ ...ZONES, 'shop.example': records(999) })
    expect((await at.run(`dns --check --wait 1s shop.example ${asking(servers)}`)).code).toBe(2)
    const dead = '--nameserver 127.0.0.1:9 --resolver 127.0.0.1:9 --timeout 1s'
    const { code, stdout } = await at.run(`dns --check shop.example ${dead}`)
    expect(stdout).toContain('1 of 1 domain cannot be judged.')
    expect(stdout).toMatch(/unreachable {2}CNAME em101/)
    expect(code).toBe(1)
  })

  test('of a domain that is not in the account yet ends with 2', async () => {
    const at = await shopHome(`${SPEC}  - domain: later.example\n`)
    const { code, stdout } = await at.run(`dns --check later.example ${asking(right)}`)
    expect(stdout).toContain('later.example (main/Acme)  not in the account yet')
    expect(stdout).toContain('1 declared domain is not in the account yet.')
    expect(code).toBe(2)
  })

  test('texts of servers cannot move the cursor', async () => {
    const at = await shopHome()
    await using servers = await serve({
      ...ZONES,
      'shop.example': 'em101 IN TXT "\\027[2J"\n_dmarc IN TXT "v=DMARC1; \\027[2J"',
    })
    const { stdout } = await at.run(`dns --check shop.example ${asking(servers)}`)
    expect(stdout).not.toContain('\u001B')
    expect(stdout).toContain('\\u001b[2J')
  })
})

/** Without what differs from run to run. */
function plain(text: string): string {
  return text.replace(/127\.0\.0\.(\d):\d+/g, '127.0.0.$1:PORT')
}
