import { readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { needsTerraform } from '../terraform.ts'
import { openWorld, type Row } from './world.ts'

describe.runIf(needsTerraform())('examples/terraform', () => {
  it('is applied to two accounts and a Back Office, plans empty, and leaves nothing behind', async () => {
    const [main, shop] = [await openWorld(), await openWorld()]
    onTestFinished(async () => {
      await main.close()
      await shop.close()
    })
    const text = readFileSync('examples/terraform/main.tf', 'utf8')
    main.write(text.replace(/ {2}required_providers \{\n.*\n {2}\}\n/, ''))
    const env = {
      TF_VAR_shop_api_key: shop.emulator.apiKey,
      TF_VAR_shop_url: shop.emulator.smtp2go,
      TF_VAR_relay_password: 'Canary-re1ay',
      TF_VAR_hook_token: 'Canary-h00k',
    }
    const run = (...args: string[]) => main.run(args, env)
    const applied = await run('apply', '-auto-approve')
    expect([applied.code, applied.stderr, applied.stdout.includes('Warning')]).toEqual([0, '', false])
    expect((await run('plan', '-detailed-exitcode')).code).toBe(0)

    const zone = (await run('output', '-raw', 'zone')).stdout
    const records = zone.split('\n').map((line) => line.replace(/^s\d+/, 's1'))
    expect(records).toEqual([
      's1._domainkey.example.com. 3600 IN CNAME dkim.smtp2go.net.',
      'bounce.example.com. 3600 IN CNAME return.smtp2go.net.',
      'link.example.com. 3600 IN CNAME track.smtp2go.net.',
      '',
    ])
    const addresses = ({ state }: typeof main) =>
      Object.values(state().smtp2go.scopes['']?.['suppressions'] ?? {}).map((row) => (row as Row)['email_address'])
    expect([...addresses(main)].sort()).toEqual([...addresses(shop)].sort()) // they are made side by side
    expect(addresses(shop)).toHaveLength(2)
    expect(main.state().backoffice.providers).toMatchObject([{ caption: 'Primary relay', password: 'Canary-re1ay' }])
    expect(shop.state().backoffice.providers).toEqual([])

    main.emulator.settings({ publishedDns: 'all' })
    const waited = await run('apply', '-auto-approve', '-var', 'wait_for_dns=true')
    expect([waited.code, waited.stderr]).toEqual([0, ''])

    for (const out of [main.stateText(), main.printed()]) {
      expect(out).not.toContain('Canary')
      expect(out).not.toContain(main.emulator.apiKey)
    }
    expect((await run('destroy', '-auto-approve')).stderr).toBe('')
    expect([addresses(main), addresses(shop)]).toEqual([[], []])
    expect(main.state().backoffice.providers).toEqual([])
  }, 60_000)
})
