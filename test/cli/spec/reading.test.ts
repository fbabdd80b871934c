import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, codes, type Home, home, STRONG, state } from '../harness.ts'

afterEach(closeHomes)

const HEAD = 'version: 1\naccounts:\n  main: { api: smtp2go, apiKey: "${env:KEY}" }\n'
const more = (address: string) => `version: 1\nsuppressions: [${address}@example.org]\n`

async function folder(): Promise<Home> {
  const at = await home()
  at.file('mailconfig/a.yaml', `${HEAD}suppressions: [a@example.org]\n`)
  return at
}

describe('a folder of a spec', () => {
  test('is read through links that stay inside, in any case of the ending', async () => {
    const at = await folder()
    at.file('mailconfig/..2026/b.yaml', more('b'))
    symlinkSync('..2026', join(at.dir, 'mailconfig/..data')) // as Kubernetes mounts a ConfigMap
    symlinkSync('..data/b.yaml', join(at.dir, 'mailconfig/b.yaml'))
    at.file('mailconfig/c.YML', more('c'))
    expect((await at.run('validate')).stdout).toContain('Valid. 3 objects')
  })

  test('is refused by name where a link leads out of it, and nothing is planned', async () => {
    const at = await folder()
    writeFileSync(join(mkdtempSync(join(tmpdir(), 'mailconfig-out-')), 'b.yaml'), more('b'))
    const outside = mkdtempSync(join(tmpdir(), 'mailconfig-out-'))
    symlinkSync(outside, join(at.dir, 'mailconfig/more'))
    const { code, stderr } = await at.run('plan')
    expect(stderr).toContain('FILE_OUTSIDE this link leads out of the folder of the spec: "mailconfig/more"')
    expect(code).toBe(1)
    expect(at.emulator.requests()).toEqual([])
  })

  test('may link to itself', async () => {
    const at = await folder()
    symlinkSync('.', join(at.dir, 'mailconfig/again'))
    const { code, stdout } = await at.run('validate')
    expect(stdout).toContain('Valid. 1 object')
    expect(code).toBe(0)
  })
})

/** Writes a file and answers what is asked for. */
function made(at: Home, name: string, text: string, asked = name): string {
  at.file(name, text)
  return asked
}

describe('a path that cannot be read is a problem with its reason', () => {
  test.each<readonly [string, (at: Home) => string, RegExp]>([
    [
      'a looping link',
      (at) => {
        symlinkSync('l2', join(at.dir, 'l1'))
        symlinkSync('l1', join(at.dir, 'l2'))
        return 'l1'
      },
      /links lead in a circle/,
    ],
    ['a name that is too long', () => 'x'.repeat(300), /name is too long|too long/],
    ['a file as a folder', (at) => made(at, 'a.yaml', 'x', 'a.yaml/b.yaml'), /is a file and not a folder/],
    [
      'a pipe',
      (at) => {
        execFileSync('mkfifo', [join(at.dir, 'p.yaml')])
        return 'p.yaml'
      },
      /not a regular file but a pipe/,
    ],
    ['a device', () => '/dev/zero', /not a regular file but a device/],
    ['nothing', () => 'none.yaml', /there is no file or folder/],
    ['an empty file', (at) => made(at, 'e.yaml', '# nothing\n'), /NOTHING_DECLARED/],
    ['a file without a version', (at) => made(at, 'v.yaml', 'suppressions: []\n'), /the field "version" is missing/],
  ])('%s', async (_, make, says) => {
    const at = await home()
    const { code, stderr } = await at.run(`plan -f ${make(at)}`)
    expect(stderr).toMatch(says)
    expect(stderr).not.toContain('bug')
    expect(code).toBe(1)
  })
})

describe('a text of another encoding', () => {
  const latin = Buffer.from('Gr\u00fc\u00dfe\n', 'latin1')
  test.each<readonly [string, string, Buffer]>([
    ['a template', 'templates: [{ id: hello-1, name: Hello, subject: Hi, text: Hi, html: { file: x } }]\n', latin],
    [
      'a password',
      'smtpUsers: [{ username: billing-app, password: "${file:x}" }]\n',
      Buffer.from(`\uFEFF${STRONG}`, 'utf16le'),
    ],
    ['a list', 'suppressions: [{ file: x }]\n', latin],
  ])('is refused as %s, and nothing is sent', async (_, spec, bytes) => {
    const at = await home()
    writeFileSync(join(at.dir, 'x'), bytes)
    at.spec(spec)
    expect(codes((await at.run('apply --auto-approve')).stderr)).toEqual([expect.stringContaining('NOT_UTF8')])
    expect(at.emulator.requests()).toEqual([])
  })

  test('is refused as a file of variables, and so are two documents in one', async () => {
    const at = await home()
    at.spec('suppressions: []\n')
    writeFileSync(join(at.dir, 'vars.yaml'), Buffer.from('a: gr\u00fcn\n', 'latin1'))
    expect((await at.run('plan --var-file vars.yaml')).stderr).toContain('not in UTF-8')
    at.file('vars.yaml', 'a: 1\n---\nb: 2\n')
    expect((await at.run('plan --var-file vars.yaml')).stderr).toContain('has 2 documents, and only one is read')
  })
})

test('a hidden file is no template, unless somebody allows it', async () => {
  const at = await home()
  mkdirSync(join(at.dir, '.git'))
  at.file('.git/config', 'url = https://x:token-of-a-runner@example.com\n')
  at.spec('templates: [{ id: hello-1, name: Hello, subject: Hi, html: Hi, text: { file: .git/config } }]\n')
  const { code, stdout, stderr } = await at.run('plan --format markdown')
  expect(stderr + stdout).toContain('FILE_HIDDEN')
  expect(stdout + stderr).not.toContain('token-of-a-runner')
  expect(code).toBe(1)
  expect((await at.run('plan --allow-hidden')).code).toBe(0)
})

describe('references', () => {
  const plan = async (body: string, env: Record<string, string> = {}, args = '') => {
    const at = await home({ seed: state({ smtpUsers: [{ username: 'legacy-one', status: 'allowed' }] }) })
    at.spec(body)
    return { at, ran: await at.run(`apply --auto-approve --log-level debug --audit-log audit.jsonl ${args}`, { env }) }
  }
  const password = ({ emulator }: Home) =>
    (
      emulator.state() as { smtp2go: { scopes: { '': { smtpUsers: { username: string; email_password: string }[] } } } }
    ).smtp2go.scopes[''].smtpUsers.find(({ username }) => username === 'billing-app')?.email_password

  test('are followed through variables, and what comes from a secret stays one in every output', async () => {
    const { at, ran } = await plan(
      'vars: { a: "${var:b}", b: "${env:PW}" }\nsmtpUsers: [{ username: billing-app, password: "${var:a}", description: "was ${var:a} once" }]\n',
      { PW: STRONG },
    )
    expect(ran.code).toBe(0)
    expect(password(at)).toBe(STRONG)
    const history = await at.run('history --format json')
    expect(ran.stdout + ran.stderr + at.everything() + history.stdout).not.toContain(STRONG)
  })

  test('that lead in a circle are a problem', async () => {
    const { ran } = await plan(
      'vars: { a: "${var:b}", b: "${var:a}" }\nsmtpUsers: [{ username: billing-app, description: "${var:a}" }]\n',
    )
    expect(ran.stderr).toContain('BAD_REFERENCE the variable "a" is made from itself: a → b → a')
    expect(ran.code).toBe(1)
  })

  test.each([`${STRONG}\n`, `${STRONG}\r\n`])(
    'lose one line break at the end, whatever the source is: %j',
    async (PW) => {
      const { at } = await plan('smtpUsers: [{ username: billing-app, password: "${env:PW}" }]\n', { PW })
      expect(password(at)).toBe(STRONG)
    },
  )

  test('hold in rules', async () => {
    const { ran, at } = await plan(
      'manage: { default: authoritative }\nvars: { p: legacy }\nignore: ["smtpUsers/${var:p}-*"]\nsmtpUsers: [{ username: billing-app, password: "${env:PW}" }]\n',
      { PW: STRONG },
    )
    expect(ran.code).toBe(0)
    expect(JSON.stringify(at.emulator.state())).toContain('legacy-one')
  })

  test('keep the digits of a number', async () => {
    const { at } = await plan(
      'vars: { n: 251985589757358482, z: 0042, v: 1.10 }\nsmtpUsers: [{ username: billing-app, password: "${env:PW}", description: "${var:n} ${var:z} ${var:v}" }]\n',
      { PW: STRONG },
    )
    expect(JSON.stringify(at.emulator.state())).toContain('251985589757358482 0042 1.10')
  })

  test.each(['', ' ', '\n'])('are never an empty secret: %j', async (PW) => {
    const { at, ran } = await plan('smtpUsers: [{ username: billing-app, password: "${env:PW}" }]\n', { PW })
    expect(ran.stderr).toContain('EMPTY_SECRET')
    expect(ran.code).toBe(1)
    expect(at.emulator.requests().filter(({ writes }) => writes)).toEqual([])
  })

  test('in the URL of a webhook are masked wherever they went, and the plan after it is empty', async () => {
    const env = { HOOK: 'hook-password-4711', T: 'token-of-the-hook' }
    const { at, ran } = await plan(
      'webhooks: [{ url: "https://hook:${env:HOOK}@h.example/x?token=${env:T}", events: [bounce] }]\n',
      env,
      '--report html=r.html --report markdown=r.md',
    )
    expect(ran.code).toBe(0)
    const outputs = [ran.stdout, ran.stderr, at.everything()]
    for (const args of ['plan --detailed-exitcode', 'drift', 'plan --out saved.plan', 'history --format json']) {
      const next = await at.run(args, { env })
      expect(next.code).toBe(0)
      outputs.push(next.stdout, next.stderr)
    }
    for (const secret of Object.values(env)) expect(outputs.join('\n') + at.everything()).not.toContain(secret)
    expect(JSON.stringify(at.emulator.state())).toContain(
      'https://hook:hook-password-4711@h.example/x?token=token-of-the-hook',
    )
  })
})

test('everything that is wrong is said in one run', async () => {
  const at = await home()
  at.file('list.txt', 'no address\n')
  at.spec(
    'smtpUsers: [{ username: billing-app, password: "${env:NONE}", statuss: allowed }, { username: x }]\nproviders: [{ caption: X }]\nwebhooks: [{ url: ftp://x, events: [bounce], usernames: [nobody-here] }]\nsuppressions: [{ file: list.txt }, { file: none.txt }]\n',
  )
  const { stderr } = await at.run('plan')
  for (const code of ['UNSET_VARIABLE', 'UNKNOWN_FIELD', 'BAD_VALUE', 'MISSING_FIELD', 'BAD_LINE', 'FILE_MISSING'])
    expect(stderr).toContain(code)
})
