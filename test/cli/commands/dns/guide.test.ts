import { afterEach, describe, expect, test } from 'vitest'
import { hasServers } from '../../../dns/servers.ts'
import { closeHomes, home } from '../../harness.ts'
import { asking, serve } from './names.ts'

afterEach(closeHomes)

describe.runIf(hasServers)('from an empty domain to verified mail', () => {
  test('the commands of the guide do what it says, with an account and name servers of their own', async () => {
    await using servers = await serve({ 'shop.example': '@ IN MX 10 mx.shop.example.' })
    const at = await home()
    at.spec('senderDomains:\n  - domain: shop.example\n')
    expect((await at.run('apply --auto-approve')).code).toBe(0)

    const shown = await at.run('dns shop.example')
    expect(shown.stdout).toMatch(/CNAME {2}s\d+\._domainkey +dkim\.smtp2go\.net\n/)
    expect((await at.run(`dns --check shop.example ${asking(servers)}`)).code).toBe(2)
    expect((await at.run(`verify shop.example ${asking(servers)}`)).code).toBe(2)

    // The host's tool is a zone file; the resolver has forgotten by then that there was nothing.
    expect((await at.run('dns shop.example --format zone -o shop.zone')).code).toBe(0)
    const zones = { 'shop.example': `@ IN MX 10 mx.shop.example.\n${at.text('shop.zone')}` }
    await servers.publish({ nsd: zones, knot: zones })
    await using later = await serve(zones)
    const options = `--nameserver ${servers.nsd.name} --nameserver ${servers.knot.name} --resolver ${later.unbound.name}`
    const checked = await at.run(`dns --check --wait 30m shop.example ${options}`)
    expect(checked).toMatchObject({ code: 0, stderr: '' })
    expect(checked.stdout).toContain('DMARC  none by p of shop.example; DKIM aligned, SPF aligned')

    const names = [...at.text('shop.zone').matchAll(/^(\S+)\. +\d+ IN CNAME/gm)].map(([, name = '']) => name)
    expect(names).toHaveLength(3)
    at.emulator.settings({ publishedDns: names })
    expect(await at.run(`verify --wait shop.example ${options}`)).toMatchObject({
      code: 0,
      stdout: 'verified  shop.example\n',
    })

    const live = await at.run('export')
    expect(live.stdout).toContain('shop.example')
    const from = '--from a@shop.example --to ann@example.net --ip-auth --state live'
    expect((await at.run(`simulate ${from}`)).stdout).not.toContain('SENDER_UNVERIFIED')
    expect((await at.run(`simulate ${from.replace('a@shop', 'a@other')}`)).stdout).toContain('SENDER_UNVERIFIED')

    const sent = await at.run(
      'send --from a@shop.example --to ann@example.net --subject Hello --text Hello --auto-approve --wait 1m',
    )
    expect(sent).toMatchObject({ code: 0 })
    expect(at.emulator.messages()).toMatchObject([{ from: 'a@shop.example' }])
    expect((await at.run('stats --last 1d')).stdout).toMatch(/\b1\b/)
  })
})
