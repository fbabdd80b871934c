import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, type Home, home, STRONG, state, written } from '../harness.ts'

afterEach(closeHomes)

const ENV = { PASSWORD: STRONG }
const ALL =
  '--report markdown=r/a.md --report json=r/a.json --report sarif=r/a.sarif --report junit=r/a.xml --report github=r/a.txt'

/** An account whose plan has an update, a create, and a delete behind a gate. */
async function account(): Promise<Home> {
  const at = await home({
    seed: state({
      smtpUsers: [{ username: 'billing-app', description: 'Invoices' }],
      suppressions: [{ email_address: 'gone@example.org', reason: 'manual', timestamp: '2026-01-31 12:00:00' }],
    }),
  })
  at.spec(
    'smtpUsers:\n  - { username: billing-app, description: More, rateLimit: { messages: 9, per: 1 hour } }\n' +
      '  - { username: new-app, password: "${env:PASSWORD}", rateLimit: { messages: 9, per: 1 hour } }\n' +
      'suppressions:\n  - { address: gone@example.org, state: absent }\n',
  )
  at.file('r/.keep', '')
  return at
}

describe('--report', () => {
  test('writes every format from one run, and the text stays', async () => {
    const at = await account()
    const plain = await at.run('plan', { env: ENV })
    const { code, stdout } = await at.run(`plan ${ALL}`, { env: ENV })
    expect({ code, stdout }).toEqual({ code: 0, stdout: plain.stdout })
    expect(at.text('r/a.md')).toMatch(
      /^<!-- mailconfig:mailconfig\.yaml -->\n### mailconfig plan: 1 to create, 1 to update, 1 to delete\n/,
    )
    expect(at.text('r/a.json')).toBe((await at.run('plan --format json', { env: ENV })).stdout)
    expect(at.text('r/a.xml')).toContain('tests="3" failures="1"')
    expect(at.text('r/a.sarif')).toContain('"ruleId": "SUPPRESSION_REMOVED"')
    expect(at.text('r/a.txt')).toContain('::error ')
  })

  test.each(['markdown', 'sarif', 'junit', 'github'])('--format %s prints what --report writes', async (format) => {
    const at = await account()
    const { code, stdout } = await at.run(`plan --format ${format} --report ${format}=r/one`, { env: ENV })
    expect({ code, stdout }).toEqual({ code: 0, stdout: at.text('r/one') })
    expect(stdout).not.toBe('')
  })

  test('show reports a saved plan as plan did', async () => {
    const at = await account()
    const planned = await at.run('plan --out plan.json --format markdown --report-target x', { env: ENV })
    const shown = await at.run('show plan.json --format markdown --report-target x', { env: ENV })
    expect(shown.stdout).toBe(planned.stdout.replace('mailconfig plan:', 'mailconfig show:'))
  })

  test('an apply that a gate refuses is reported, and nothing is written', async () => {
    const at = await account()
    const { code } = await at.run(`apply --auto-approve ${ALL}`, { env: ENV })
    expect({ code, written: written(at.emulator) }).toEqual({ code: 3, written: [] })
    expect(at.text('r/a.md')).toMatch(/\*\*Stopped:\*\* refused, nothing was written[\s\S]*--accept G1:/)
    expect(JSON.parse(at.text('r/a.json'))).toMatchObject({ results: [], refused: [{ code: 'SUPPRESSION_REMOVED' }] })
    expect(at.text('r/a.xml')).toContain('SUPPRESSION_REMOVED')
  })

  test('an apply reports its results', async () => {
    const at = await account()
    const { code } = await at.run(`apply --auto-approve --exclude suppressions/* ${ALL}`, { env: ENV })
    expect(code).toBe(0)
    expect(at.text('r/a.md')).toContain('### mailconfig apply: 2 of 2 changes done')
    expect(JSON.parse(at.text('r/a.json'))).toMatchObject({ summary: { done: 2, failed: 0 } })
    expect(at.text('r/a.xml')).toContain('tests="2" failures="0"')
  })

  test.each(['apply', 'destroy'])('%s in another format than text wants --auto-approve', async (command) => {
    const at = await account()
    const { code, stderr } = await at.run(`${command} --format markdown`, { env: ENV })
    expect({ code, written: written(at.emulator) }).toEqual({ code: 1, written: [] })
    expect(stderr).toContain('--auto-approve with --format markdown')
  })

  test('a broken spec and an API that does not answer are reported', async () => {
    const at = await account()
    at.spec('smtpUsers:\n  - { username: billing-app, statuss: on }\n')
    expect((await at.run(`plan ${ALL}`)).code).toBe(1)
    expect(at.text('r/a.md')).toContain('`mailconfig.yaml:8:30` `UNKNOWN_FIELD`')
    expect(JSON.parse(at.text('r/a.json'))).toMatchObject({ valid: false, problems: [{ code: 'UNKNOWN_FIELD' }] })
    at.spec('smtpUsers:\n  - { username: billing-app }\n')
    await at.emulator.close()
    expect((await at.run(`plan ${ALL}`)).code).toBe(1)
    expect(at.text('r/a.md')).toContain('`CANNOT_READ`')
  }, 60_000)

  test('SARIF brings what docs/problems.md says of a code', async () => {
    const at = await account()
    at.spec('smtpUsers:\n  - { username: billing-app, statuss: on }\n')
    const { stdout } = await at.run('validate --format sarif')
    expect(JSON.parse(stdout)).toMatchObject({
      runs: [
        {
          tool: {
            driver: {
              rules: [{ id: 'UNKNOWN_FIELD', shortDescription: { text: 'There is no such field, section or word.' } }],
            },
          },
        },
      ],
    })
  })

  test('a sound spec is reported, too', async () => {
    const at = await account()
    for (const [format, text] of [
      ['markdown', '### mailconfig validate: no problem found'],
      ['github', '::notice title=mailconfig validate::no problem found'],
      ['junit', '<testcase name="mailconfig.yaml" classname="spec" file="mailconfig.yaml"/>'],
      ['sarif', '"results": []'],
    ])
      expect((await at.run(`validate --format ${format}`, { env: ENV })).stdout).toContain(text)
  })

  test('a report is written over, and nothing else is', async () => {
    const at = await account()
    const before = at.text('mailconfig.yaml')
    at.emulator.clearRequests()
    const wrong = await at.run('plan --report markdown=mailconfig.yaml', { env: ENV })
    expect({ code: wrong.code, requests: at.emulator.requests() }).toEqual({ code: 1, requests: [] })
    expect(wrong.stderr).toContain('is not a markdown report')
    expect(at.text('mailconfig.yaml')).toBe(before)
    for (let time = 0; time < 2; time++) expect((await at.run(`plan ${ALL}`, { env: ENV })).code).toBe(0)
    expect((await at.run('plan --report junit=r/a.md', { env: ENV })).code).toBe(1)
  })

  test.each([
    ['markdown=no/such/plan.md', 'the folder of "no/such/plan.md" does not exist'],
    ['markdown=r', '"r" is a folder'],
    ['pdf=a.pdf', 'It must be FORMAT=FILE'],
    ['markdown', 'It must be FORMAT=FILE'],
    ['markdown=', 'It must be FORMAT=FILE'],
  ])('%s is refused before any call', async (report, said) => {
    const at = await account()
    const { code, stderr } = await at.run(`plan --report ${report}`, { env: ENV })
    expect({ code, requests: at.emulator.requests() }).toEqual({ code: 1, requests: [] })
    expect(stderr).toContain(said)
  })

  test('a report links to the job, or to the address that is given', async () => {
    const at = await account()
    const ci = {
      GITHUB_ACTIONS: 'true',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'a/b',
      GITHUB_RUN_ID: '7',
      GITHUB_ACTOR: 'ada',
    }
    const job = await at.run('plan --format markdown', { env: { ...ENV, ...ci } })
    expect(job.stdout).toContain('<a href="https://github.com/a/b/actions/runs/7')
    const own = await at.run('plan --format markdown --report-url https://ci.example.org/7', { env: ENV })
    expect(own.stdout).toContain('<a href="https://ci.example.org/7">full report</a>')
    expect((await at.run('plan --report-url javascript:alert(1)', { env: ENV })).code).toBe(1)
  })

  test('no secret is in any report', async () => {
    const at = await account()
    for (const command of ['plan', 'apply --auto-approve --exclude suppressions/*']) {
      const { stdout } = await at.run(`${command} ${ALL}`, { env: ENV })
      expect(`${stdout}${at.everything()}`).not.toContain(STRONG)
      expect(`${stdout}${at.everything()}`).not.toContain(at.emulator.apiKey)
    }
  })
})
