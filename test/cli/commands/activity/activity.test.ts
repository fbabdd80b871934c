import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes } from '../../harness.ts'
import { sendMail, traffic } from '../../traffic/traffic.ts'

afterEach(closeHomes)

const words = (text: string) => text.split('\n').flatMap((line) => line.split(/ {2}/)[1]?.trim() || [])

describe('activity', () => {
  test('lists events, the oldest first, by filters', async () => {
    const at = await traffic()
    at.spec('')
    await sendMail(at, ['bob+spam@example.net'])
    await sendMail(at, ['eve+hardbounce@example.org'], { subject: 'Invoice \u001b[2J' })
    const all = await at.run('activity')
    expect(words(all.stdout)).toEqual(['processed', 'delivered', 'spam', 'processed', 'hard-bounced'])
    expect(all.stdout).toContain('ann@shop.example -> eve+hardbounce@example.org  Invoice \\u001b[2J')
    const count = async (args: string) => words((await at.run(`activity ${args}`)).stdout).length
    expect(await count('--event spam --event hard-bounced')).toBe(2)
    expect(await count('--to eve --to bob')).toBe(5)
    expect(await count('--to eve')).toBe(2)
    expect(await count('--subject invoice')).toBe(2)
    expect(await count('--user nobody')).toBe(0)
    expect(await count(`--user ${at.emulator.apiKey}`)).toBe(5)
    expect(await count('--from stranger')).toBe(0)
    expect(await count('--limit 2')).toBe(2)
    expect((await at.run('activity --limit 2')).stdout).toContain('hard-bounced') // the latest ones
    expect(await at.run('activity --event bounced')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no event "bounced"'),
    })
  })

  test('shows the whole life of one message', async () => {
    const at = await traffic()
    at.spec('')
    await sendMail(at, ['bob@example.net'])
    const id = await sendMail(at, ['eve+delay@example.org'], { subject: 'Late' })
    await at.emulator.advance('2 hours')
    const { stdout } = await at.run(`activity --email-id ${id} --last 1d`)
    expect(stdout).toMatch(/^message {2}\S+\nfrom {5}ann@shop\.example\n/)
    expect(stdout).toContain('subject  Late')
    expect(words(stdout.split('\n\n')[1] ?? '')).toEqual(['processed', 'delivered'])
    expect(stdout).not.toContain('bob@')
  })

  test('pages to the end', async () => {
    const at = await traffic()
    at.spec('')
    for (let sent = 0; sent < 11; sent += 1)
      await sendMail(
        at,
        Array.from({ length: 100 }, (_, one) => `p${one}@example.net`),
      )
    const { stdout } = await at.run('activity --limit 5000 --format jsonl')
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(2200)
    expect(new Set(lines).size).toBe(2200)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ account: 'main', event: 'processed', user: /^api-/ })
  })

  test('writes JSON and CSV', async () => {
    const at = await traffic()
    at.spec('')
    await sendMail(at, ['bob@example.net'], { subject: '=1+1' })
    const json = JSON.parse((await at.run('activity --format json')).stdout)
    expect(json.events.map(({ event }: { event: string }) => event)).toEqual(['processed', 'delivered'])
    const csv = (await at.run('activity --format csv')).stdout
    expect(csv).toMatch(/^time,account,subaccount,event,/)
    expect(csv).toContain(",'=1+1,")
  })

  test('goes on with what happens until it is interrupted', async () => {
    const at = await traffic()
    at.spec('')
    await sendMail(at, ['bob@example.net'])
    const running = at.start('activity --follow')
    await running.says(/delivered .*bob@example\.net/)
    await sendMail(at, ['eve@example.net'])
    await running.says(/delivered .*eve@example\.net/)
    running.child.kill('SIGINT')
    const { stdout, code } = await running.ended
    expect(code).toBe(0)
    expect(words(stdout)).toEqual(['processed', 'delivered', 'processed', 'delivered'])
    expect(await at.run('activity --follow --format json')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--format jsonl'),
    })
  })
})
