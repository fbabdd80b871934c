import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, type Home, home, state, writes } from '../../harness.ts'

afterEach(closeHomes)

const SEED = {
  smtpUsers: [
    { username: 'billing-app', description: 'Bills', status: 'blocked', open_tracking_enabled: true },
    { username: 'shop-app', description: 'Shop', status: 'allowed' },
  ],
  webhooks: [{ id: 1, url: 'https://hooks.example.com/mail', events: ['spam', 'open'], output_format: 'json' }],
  suppressions: [
    { email_address: 'a@example.org', block_description: '', reason: 'manual', timestamp: '2026-11-01 12:00:00' },
    { email_address: 'b@example.org', block_description: 'Asked', reason: 'manual', timestamp: '2026-11-01 12:00:00' },
  ],
  templates: [
    { id: 'welcome-01', name: 'Welcome', subject: 'Hi', html_body: '<p>New</p>\n', text_body: 'New\n', tags: [] },
  ],
  allowedSenders: { mode: 'whitelist', entries: ['example.com', 'example.net'] },
}

async function folder(body: string, seed: Readonly<Record<string, unknown>> = SEED): Promise<Home> {
  const at = await home({ seed: state(seed) })
  at.spec(body)
  return at
}

/** The words and names of a report: `updated smtpUsers/billing-app.status`. */
function outcomes(stderr: string): string[] {
  return [...stderr.matchAll(/^(updated|added|conflict|gone|elsewhere) +\S+:\d+:\d+ ([^:\n]+(?::\/\/[^:\n]+)?)/gm)].map(
    ([, outcome, name]) => `${outcome} ${name}`,
  )
}

describe('export --into', () => {
  test('writes live values in their places and adds what is new, and keeps all the rest', async () => {
    const at = await folder(`
# who sends
smtpUsers:
    - username:   billing-app   # its login
      status: 'allowed'         # for now

suppressions: [a@example.org]   # short
webhooks:
  - url: https://hooks.example.com/mail
    events:
      - bounce   # hard ones
      - spam
allowedSenders: { mode: allow, entries: [ example.com ] }
`)
    const head = at.text('mailconfig.yaml').split('\n').slice(0, 6).join('\n')
    const { code, stdout, stderr } = await at.run('export --into mailconfig.yaml')
    expect(outcomes(stderr)).toEqual([
      'updated smtpUsers/billing-app.status',
      'added smtpUsers/shop-app',
      'added suppressions/b@example.org',
      'updated webhooks/https://hooks.example.com/mail.events',
      'added allowedSenders/example.net',
    ])
    expect(stderr).toContain('mailconfig.yaml:11:7 smtpUsers/billing-app.status: "allowed" → "blocked"')
    expect(stderr).toMatch(/Wrote mailconfig\.yaml: 2 updated, 3 added, 1 as they are\.\n$/)
    expect(stdout).toBe('')
    expect(code).toBe(0)
    expect(at.text('mailconfig.yaml')).toBe(`${head}

# who sends
smtpUsers:
    - username:   billing-app   # its login
      status: 'blocked'         # for now
    - username: shop-app
      description: Shop

suppressions: [a@example.org, { address: b@example.org, description: Asked }]   # short
webhooks:
  - url: https://hooks.example.com/mail
    events:
      # hard ones
      - spam
      - open
allowedSenders: { mode: allow, entries: [ example.com, example.net ] }
`)
    expect((await at.run('plan --detailed-exitcode')).code).toBe(0)
    const before = at.text('mailconfig.yaml')
    const again = await at.run('export --into mailconfig.yaml --detailed-exitcode')
    expect(again.stderr).toMatch(/^Nothing to write in mailconfig\.yaml: 6 as they are\.\n$/)
    expect(again.code).toBe(0)
    expect(at.text('mailconfig.yaml')).toBe(before)
    expect(writes(at.emulator)).toEqual([])
  })

  test.each([
    ['a reference', 'smtpUsers:\n  - { username: billing-app, description: "${env:HOME}" }\n'],
    ['a variable', 'vars: { d: X }\nsmtpUsers:\n  - username: billing-app\n    description: ${var:d}\n'],
    [
      'a shared anchor',
      'smtpUsers:\n  - { username: billing-app, status: &s allowed }\n  - { username: shop-app, status: *s }\n',
    ],
    [
      'an alias',
      'smtpUsers:\n  - { username: shop-app, status: &s allowed }\n  - { username: billing-app, status: *s }\n',
    ],
    ['a merge', 'vars: &v { status: allowed }\nsmtpUsers:\n  - { <<: *v, username: billing-app }\n'],
    ['protection', 'smtpUsers:\n  - { username: billing-app, status: allowed, protect: true }\n'],
    ['a tombstone', 'smtpUsers:\n  - { username: billing-app, state: absent }\n'],
    [
      'an overlay',
      'smtpUsers:\n  - username: billing-app\n---\nversion: 1\noverlay: true\nsmtpUsers:\n  - { username: billing-app, status: allowed }\n',
    ],
    ['a tag', 'smtpUsers:\n  - { username: billing-app, description: !!str Invoices }\n'],
    [
      'a comment inside',
      'smtpUsers:\n  - username: billing-app\n    rateLimit:\n      messages: 5 # few\n      per: 1 hour\n',
    ],
  ])('never writes over %s: that is a conflict, with its place', async (_, body) => {
    const at = await folder(`ignore: [smtpUsers/shop-*]\n${body}`.replace(/ignore.*\n(?=[\s\S]*shop-app)/, ''))
    const before = at.text('mailconfig.yaml')
    const { code, stderr } = await at.run(
      'export --into mailconfig.yaml --only smtpUsers/billing-app --detailed-exitcode',
    )
    expect(outcomes(stderr)).toHaveLength(1)
    expect(stderr).toMatch(/^conflict +mailconfig\.yaml:\d+:\d+ smtpUsers\/billing-app/m)
    expect(code).toBe(2)
    expect((await at.run('export --into mailconfig.yaml --only smtpUsers/billing-app')).code).toBe(0)
    expect(at.text('mailconfig.yaml')).toBe(before)
  })

  test('leaves text files alone, unless it is told to write them', async () => {
    const body =
      'templates:\n  - { id: welcome-01, name: Welcome, subject: Hi, html: { file: a.html }, text: { file: a.txt } }\n'
    const at = await folder(body)
    at.file('a.html', '<p>Old</p>\r\n')
    at.file('a.txt', 'New\n')
    const before = at.text('mailconfig.yaml')
    const asked = await at.run('export --into mailconfig.yaml')
    expect(outcomes(asked.stderr)).toEqual(['conflict templates/welcome-01.html'])
    expect(asked.stderr).toContain('--update-files')
    expect(at.text('a.html')).toBe('<p>Old</p>\r\n')
    const told = await at.run('export --into mailconfig.yaml --update-files')
    expect(told.stderr).toContain('Wrote a.html: 1 updated')
    expect(at.text('a.html')).toBe('<p>New</p>\r\n')
    expect(at.text('mailconfig.yaml')).toBe(before)
    expect((await at.run('plan --detailed-exitcode')).code).toBe(0)
  })

  test('does not write a text file that two places use', async () => {
    const at = await folder(
      'templates:\n  - { id: welcome-01, name: Welcome, subject: Hi, html: { file: a.txt }, text: { file: a.txt } }\n',
    )
    at.file('a.txt', 'Old\n')
    const { stderr } = await at.run('export --into mailconfig.yaml --update-files')
    expect(outcomes(stderr)).toHaveLength(2)
    expect(stderr).toContain('which is used in 2 places')
    expect(at.text('a.txt')).toBe('Old\n')
  })

  test('an object that is gone stays in the file, and one of another file is only named', async () => {
    const at = await folder('smtpUsers:\n  - username: gone-app\n', { smtpUsers: SEED.smtpUsers })
    at.file('more.yaml', 'version: 1\nsmtpUsers:\n  - { username: billing-app, status: allowed }\n')
    const files = '-f mailconfig.yaml -f more.yaml'
    const before = at.text('mailconfig.yaml')
    const { stderr } = await at.run(`export ${files} --into mailconfig.yaml --exclude smtpUsers/shop-app`)
    expect(outcomes(stderr)).toEqual(['gone smtpUsers/gone-app', 'elsewhere smtpUsers/billing-app.status'])
    expect(at.text('mailconfig.yaml')).toBe(before)
    await at.run(`export ${files} --into more.yaml`)
    expect(at.text('more.yaml')).toBe(
      'version: 1\nsmtpUsers:\n  - { username: billing-app, status: blocked }\n  - { username: shop-app, description: Shop }\n',
    )
  })

  test('sections that are left out stay out, unless all are asked for', async () => {
    const at = await folder('smtpUsers:\n  - username: billing-app\n  - username: shop-app\n')
    const before = at.text('mailconfig.yaml')
    await at.run('export --into mailconfig.yaml')
    expect(at.text('mailconfig.yaml')).toBe(before)
    const { stderr } = await at.run('export --into mailconfig.yaml --all-sections')
    expect(stderr).toContain('added')
    expect(at.text('mailconfig.yaml').startsWith(before)).toBe(true)
    expect(at.text('mailconfig.yaml')).toContain('\nwebhooks:\n  - url: https://hooks.example.com/mail\n')
    expect((await at.run('plan --detailed-exitcode')).code).toBe(0)
  })

  test('what rules leave alone is not added', async () => {
    const at = await folder('ignore: [smtpUsers/shop-*, smtpUsers/*.description]\nsmtpUsers: []   # none yet\n')
    const { stderr } = await at.run('export --into mailconfig.yaml')
    expect(outcomes(stderr)).toEqual(['added smtpUsers/billing-app'])
    expect(at.text('mailconfig.yaml')).toMatch(
      /\nsmtpUsers: {3}# none yet\n {2}- username: billing-app\n {4}status: blocked\n {4}openTracking: true\n$/,
    )
  })

  test('keeps line breaks of Windows, a mark at the start, rights, and a link', async () => {
    const at = await folder('smtpUsers:\n  - { username: billing-app, status: allowed }\n  - username: shop-app\n')
    const text = `\uFEFF${at.text('mailconfig.yaml').replaceAll('\n', '\r\n').trimEnd()}`
    const path = join(at.dir, 'real.yaml')
    writeFileSync(path, text)
    chmodSync(path, 0o640)
    symlinkSync('real.yaml', join(at.dir, 'link.yaml'))
    expect((await at.run('export -f link.yaml --into link.yaml')).code).toBe(0)
    expect(readFileSync(path, 'utf8')).toBe(text.replace('status: allowed', 'status: blocked'))
    expect(statSync(path).mode & 0o777).toBe(0o640)
  })

  test('the report as JSON is for scripts', async () => {
    const at = await folder('smtpUsers:\n  - { username: billing-app, status: allowed }\n')
    const { stdout } = await at.run('export --into mailconfig.yaml --format json')
    const report: unknown = JSON.parse(stdout)
    expect(report).toMatchObject({
      formatVersion: '1.0',
      file: 'mailconfig.yaml',
      changed: true,
      items: [
        { outcome: 'updated', address: 'smtpUsers/billing-app', field: 'status', before: 'allowed', after: 'blocked' },
        { outcome: 'added', address: 'smtpUsers/shop-app', at: { file: 'mailconfig.yaml', line: 9, column: 5 } },
      ],
    })
  })

  test.each([
    ['export --into none.yaml', /there is no file "none\.yaml"[\s\S]*export -o/],
    ['export --into mailconfig.yaml -o out.yaml', /"--into" and "--out" are mutually exclusive/],
    ['export --into mailconfig.yaml --format terraform', /into YAML/],
    ['export --all-sections', /"--all-sections" requires "--into"/],
    ['export -f mailconfig.yaml --into other.yaml', /"other\.yaml" is not a file of the spec/],
  ])('%s is refused before any call', async (command, says) => {
    const at = await folder('smtpUsers: []\n')
    at.file('other.yaml', 'version: 1\n')
    const { code, stderr } = await at.run(command)
    expect(stderr).toMatch(says)
    expect(code).toBe(1)
    expect(at.emulator.requests()).toEqual([])
  })

  test('writes nothing where a managed section could not be read, or the spec is broken', async () => {
    const at = await folder('smtpUsers:\n  - { username: billing-app, status: allowed }\n')
    const before = at.text('mailconfig.yaml')
    at.emulator.faults([{ match: { path: '/v3/users/smtp/view' }, fault: 'html' }])
    const { code, stderr } = await at.run('export --into mailconfig.yaml')
    expect(stderr).toContain('main:smtpUsers could not be read')
    expect(code).toBe(1)
    expect(at.text('mailconfig.yaml')).toBe(before)
    at.spec('smtpUsers:\n  - { usernme: x }\n')
    const broken = await at.run('export --into mailconfig.yaml')
    expect(broken.stderr).toContain('UNKNOWN_FIELD')
    expect(broken.code).toBe(1)
  })
})
