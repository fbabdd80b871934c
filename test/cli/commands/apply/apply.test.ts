import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, codes, type Home, home, STRONG, scopeOf, state, writes, written } from '../../harness.ts'

afterEach(closeHomes)

const users = (...names: string[]) => names.map((username) => ({ username }))
const names = (at: Home) => scopeOf(at.emulator)['smtpUsers']?.map((user) => user['username'])
const PROVIDER = {
  driver: 'smtp',
  port: 587,
  username: 'relay',
  password: 'stored',
  sendFrom: 'noreply@example.com',
  sendFromName: 'Example',
  encryption: 'tls',
  isEnabled: true,
}
const office = (...providers: Record<string, unknown>[]) => ({
  backoffice: {
    providers: providers.map((one, at) => ({ ...PROVIDER, id: at + 1, host: `mail${at}.example.com`, ...one })),
  },
})
const provider = (words: string) =>
  `providers:\n  - { ${words}, port: 587, username: relay, sendFrom: noreply@example.com, sendFromName: Example, encryption: tls }\n`

/** The tokens of the gates in a text. */
const tokens = (text: string) => [...text.matchAll(/--accept (G\d+:[0-9a-f]{4})/g)].map((found) => found[1] ?? '')

describe('gates', () => {
  const closing = () =>
    home({ seed: state({}, { subaccounts: [{ id: 'sub001', name: 'Acme', email: 'it@acme.example' }] }) })

  test('a plan behind a gate is refused with 3, and its token opens it', async () => {
    const at = await closing()
    at.spec('subaccounts:\n  - { name: Acme, state: absent }\n')
    const refused = await at.run('apply --auto-approve')
    expect(refused.code).toBe(3)
    expect(refused.stderr).toContain('refused, nothing was written: G1 SUBACCOUNT_CLOSED')
    expect(writes(at.emulator)).toEqual([])
    const [token] = tokens(refused.stderr)
    expect(token).toMatch(/^G1:[0-9a-f]{4}$/)
    const done = await at.run(`apply --auto-approve --accept ${token}`)
    expect(done.code).toBe(0)
    expect(written(at.emulator)).toEqual(['POST /subaccount/close'])
  })

  test('a token of another plan opens nothing', async () => {
    const at = await closing()
    at.spec('subaccounts:\n  - { name: Acme, state: absent }\n')
    const [token] = tokens((await at.run('apply --auto-approve')).stderr)
    at.spec('subaccounts:\n  - { name: Acme, state: absent }\n# changed\n')
    for (const accept of [token, 'G1:0000', 'G1', '*']) {
      const { code } = await at.run(`apply --auto-approve --accept ${accept}`)
      expect(code).toBe(3)
    }
    expect(writes(at.emulator)).toEqual([])
  })

  test('plan shows the gate and does not fail', async () => {
    const at = await closing()
    at.spec('subaccounts:\n  - { name: Acme, state: absent }\n')
    const { code, stdout } = await at.run('plan')
    expect(stdout).toMatch(/G1 SUBACCOUNT_CLOSED stops here/)
    expect(code).toBe(0)
  })

  test('many deletions need a word, and allowEmpty is another one for an empty list', async () => {
    const at = await home({
      seed: state({ smtpUsers: users('app-1', 'app-22', 'app-33', 'app-44', 'app-55', 'app-66') }),
    })
    at.spec('manage: { smtpUsers: authoritative }\nsmtpUsers: []\n')
    const empty = await at.run('apply --auto-approve')
    expect(empty.code).toBe(3)
    expect(empty.stderr).toContain('EMPTY_COLLECTION')
    expect(empty.stderr).toContain('not every gate can be accepted')
    at.spec('manage: { smtpUsers: authoritative, allowEmpty: true }\nsmtpUsers: []\n')
    const many = await at.run('apply --auto-approve')
    expect(many.code).toBe(3)
    expect(many.stderr).not.toContain('EMPTY_COLLECTION')
    expect(many.stdout).toContain('6 of 6 smtpUsers in "main" would be deleted, and at most 3 may be')
    expect(writes(at.emulator)).toEqual([])
    const done = await at.run(`apply --auto-approve --accept ${tokens(many.stderr)[0]}`)
    expect(done.code).toBe(0)
    expect(names(at)).toEqual([])
  })

  test('the only provider cannot be disabled, whatever is accepted', async () => {
    const at = await home({ seed: office({ caption: 'Main' }) })
    at.both(provider('caption: Main, host: mail0.example.com, enabled: false'))
    const { code, stdout, stderr } = await at.run('apply --auto-approve')
    expect(stdout).toContain('the only SMTP provider there is cannot be disabled')
    expect(tokens(stderr)).toEqual([])
    expect(code).toBe(3)
    expect(writes(at.emulator)).toEqual([])
  })

  test('the key of the run itself is behind a gate', async () => {
    const at = await home()
    at.spec('apiKeys:\n  - { description: master key, status: blocked, key: "${env:KEY}", saveTo: { file: k } }\n')
    const { code, stderr } = await at.run('apply --auto-approve')
    expect(stderr).toContain('KEY_IN_USE')
    expect(code).toBe(3)
    expect(writes(at.emulator)).toEqual([])
  })
})

describe('what is managed', () => {
  test('an object that the spec does not name is left alone, and listed', async () => {
    const at = await home({ seed: state({ smtpUsers: users('old-app') }) })
    at.spec('smtpUsers: []\n')
    const { stdout } = await at.run('apply --auto-approve')
    expect(stdout).toContain('not managed, left alone: smtpUsers/old-app')
    expect(writes(at.emulator)).toEqual([])
  })

  test('a tombstone deletes in any mode, and again it has nothing to do', async () => {
    const at = await home({ seed: state({ smtpUsers: users('old-app', 'new-app') }) })
    at.spec('smtpUsers:\n  - { username: old-app, state: absent }\n')
    expect((await at.run('apply --auto-approve')).code).toBe(0)
    expect(names(at)).toEqual(['new-app'])
    expect((await at.run('plan --detailed-exitcode')).code).toBe(0)
  })

  test('what is protected is not deleted, not even by destroy', async () => {
    const at = await home({ seed: state({ smtpUsers: users('old-app') }) })
    at.spec('smtpUsers:\n  - { username: old-app, protect: true, state: absent }\n')
    const applied = await at.run('apply --auto-approve')
    expect(codes(applied.stderr)).toEqual(['mailconfig.yaml:8:5 PROTECTED'])
    at.spec('smtpUsers:\n  - { username: old-app, protect: true }\n')
    const destroyed = await at.run('destroy --auto-approve')
    expect(codes(destroyed.stderr)).toEqual(['mailconfig.yaml:8:5 PROTECTED'])
    expect([applied.code, destroyed.code]).toEqual([1, 1])
    expect(writes(at.emulator)).toEqual([])
  })

  test('what is ignored is neither deleted nor listed', async () => {
    const at = await home({ seed: state({ smtpUsers: users('legacy-1', 'stray-1') }) })
    at.spec('manage: { smtpUsers: authoritative, allowEmpty: true }\nignore: [smtpUsers/legacy-*]\nsmtpUsers: []\n')
    const { stdout, code } = await at.run('apply --auto-approve')
    expect(stdout).not.toContain('legacy')
    expect(code).toBe(0)
    expect(names(at)).toEqual(['legacy-1'])
  })

  test('an ignored field keeps its live value', async () => {
    const at = await home({ seed: state({ smtpUsers: [{ username: 'first-app', description: 'by hand' }] }) })
    at.spec('ignore: [smtpUsers/*.description]\nsmtpUsers:\n  - { username: first-app, status: blocked }\n')
    expect((await at.run('apply --auto-approve')).code).toBe(0)
    expect(scopeOf(at.emulator)['smtpUsers']?.[0]).toMatchObject({ description: 'by hand', status: 'blocked' })
  })

  test('a field that is left out is not sent', async () => {
    const at = await home({
      seed: state({ smtpUsers: [{ username: 'first-app', description: 'kept', audit_email: 'a@b.example' }] }),
    })
    at.spec('smtpUsers:\n  - { username: first-app, status: sandbox }\n')
    await at.run('apply --auto-approve')
    expect(writes(at.emulator).map((call) => call.body)).toEqual([{ username: 'first-app', status: 'sandbox' }])
  })

  test.each([
    [
      'a provider',
      { seed: office({ caption: 'Old' }) },
      provider('caption: New, moved: Old, host: mail0.example.com'),
      'PATCH /api/v2/mail/providers/1',
      { caption: 'New' },
    ],
    [
      'a template',
      { seed: state({ templates: [{ id: 'old-1', name: 'T', subject: 'S', html_body: 'h', text_body: 't' }] }) },
      'templates:\n  - { id: new-1, moved: old-1, name: T, subject: S, html: h, text: t }\n',
      'POST /template/edit',
      { id: 'old-1', new_id: 'new-1' },
    ],
    [
      'a subaccount',
      { seed: state({}, { subaccounts: [{ id: 'sub001', name: 'Old', email: 'a@b.example' }] }) },
      'subaccounts:\n  - { name: New, moved: Old }\n',
      'POST /subaccount/edit',
      { id: 'sub001', fullname: 'New' },
    ],
  ])('%s is renamed where it says moved', async (_, options, body, call, sent) => {
    const at = await home(options)
    at.both(body)
    const { code, stdout } = await at.run('apply --auto-approve')
    expect(stdout).toMatch(/renamed from (Old|old-1)/)
    expect(code).toBe(0)
    expect(written(at.emulator)).toEqual([call])
    expect(writes(at.emulator)[0]?.body).toMatchObject(sent)
    expect((await at.run('plan --detailed-exitcode')).code).toBe(0)
  })

  test('a rename that the API cannot make is refused', async () => {
    const at = await home({ seed: state({ smtpUsers: users('old-app') }) })
    at.spec('smtpUsers:\n  - { username: new-app, moved: old-app }\n')
    const { code, stderr } = await at.run('apply --auto-approve')
    expect(codes(stderr)).toEqual(['mailconfig.yaml:8:26 CANNOT_RENAME'])
    expect(code).toBe(1)
    expect(writes(at.emulator)).toEqual([])
  })
})

describe('overlays and variables', () => {
  const base =
    'vars: { team: Post }\nsmtpUsers:\n  - username: first-app\n    description: ${var:team}\n    password: ${env:PASSWORD}\n'
  const described = async (at: Home, args: string) => {
    const { stdout } = await at.run(`plan ${args}`, { env: { PASSWORD: STRONG } })
    return /description +"(.*)"/.exec(stdout)?.[1]
  }

  test('later words win: vars in the document, overlay, file, command line', async () => {
    const at = await home()
    at.spec(base)
    at.file('over.yaml', 'version: 1\noverlay: true\nvars: { team: Overlay }\n')
    at.file('vars.yaml', '# values\nteam: From a file # with a remark\n')
    at.file('vars.json', '{ "team": "From JSON" }')
    const spec = '-f mailconfig.yaml'
    expect(await described(at, spec)).toBe('Post')
    expect(await described(at, `${spec} -f over.yaml`)).toBe('Overlay')
    expect(await described(at, `${spec} -f over.yaml --var-file vars.yaml`)).toBe('From a file')
    expect(await described(at, `${spec} --var-file vars.yaml --var-file vars.json`)).toBe('From JSON')
    expect(await described(at, `${spec} --var-file vars.json --var "team=On the line"`)).toBe('On the line')
  })

  test('an overlay changes what the base declares, field by field', async () => {
    const at = await home()
    at.spec(base)
    at.file('over.yaml', 'version: 1\noverlay: true\nsmtpUsers:\n  - { username: first-app, status: sandbox }\n')
    const { stdout } = await at.run('plan -f mailconfig.yaml -f over.yaml', { env: { PASSWORD: STRONG } })
    expect(stdout).toMatch(/description +"Post"/)
    expect(stdout).toMatch(/status +"sandbox"/)
    expect(stdout).toContain('1 to create')
  })

  test('an overlay of nothing is an error unless it says present', async () => {
    const at = await home()
    at.spec(base)
    const over = (words: string) =>
      at.file(
        'over.yaml',
        `version: 1\noverlay: true\nsmtpUsers:\n  - { username: other-app, password: "\${env:PASSWORD}"${words} }\n`,
      )
    over('')
    const env = { PASSWORD: STRONG }
    const refused = await at.run('plan -f mailconfig.yaml -f over.yaml', { env })
    expect(codes(refused.stderr)).toEqual(['over.yaml:4:5 OVERLAY_WITHOUT_BASE'])
    over(', state: present')
    expect((await at.run('plan -f mailconfig.yaml -f over.yaml', { env })).stdout).toContain('2 to create')
  })
})

describe('a part of the spec', () => {
  const two =
    'smtpUsers:\n  - { username: first-app, status: blocked }\n  - { username: second-app, status: blocked }\n'
  const seeded = () => home({ seed: state({ smtpUsers: users('first-app', 'second-app') }) })

  test.each([
    ['--only smtpUsers/first-*', 1],
    ['--only main:smtpUsers/second-app', 1],
    ['--only "*"', 2],
    ['--exclude smtpUsers/first-app', 1],
    ['--only smtpUsers/* --exclude main:*', 0],
  ])('%s plans %i changes', async (args, count) => {
    const at = await seeded()
    at.spec(two)
    const { stdout } = await at.run(`plan ${args}`)
    expect(stdout.match(/^ {2}~/gm)?.length ?? 0).toBe(count)
  })

  test('a glob that meets nothing is said', async () => {
    const at = await seeded()
    at.spec(two)
    const { code, stderr } = await at.run('plan --only smtpUser/first-app')
    expect(stderr).toContain('warning: no object matches "smtpUser/first-app"')
    expect(code).toBe(0)
  })

  test('--account leaves the other account alone, and does not ask it', async () => {
    const at = await home({ seed: office({ caption: 'Main' }) })
    at.both(`smtpUsers: []\n${provider('caption: Main, host: mail0.example.com')}`)
    expect((await at.run('plan --account office')).code).toBe(0)
    expect(at.emulator.requests().every((call) => call.path.startsWith('/api/v2'))).toBe(true)
    const unknown = await at.run('plan --account offfice')
    expect(unknown.stderr).toContain('the spec declares no account "offfice"')
    expect(unknown.stderr).toContain('declared: main, office')
    expect(unknown.code).toBe(1)
  })
})

describe('scopes', () => {
  test('two accounts of one API are kept apart', async () => {
    const [at, other] = [await home(), await home({ seed: state({ smtpUsers: users('their-app') }) })]
    at.file(
      'mailconfig.yaml',
      `version: 1\naccounts:\n  main: { api: smtp2go, url: ${at.emulator.smtp2go}, apiKey: "\${env:KEY}" }\n  two: { api: smtp2go, url: ${other.emulator.smtp2go}, apiKey: "\${env:KEY}" }\naccount: main\nsmtpUsers:\n  - { username: first-app, password: "\${env:PASSWORD}" }\n---\nversion: 1\naccount: two\nsmtpUsers:\n  - { username: their-app, status: blocked }\n`,
    )
    const { code } = await at.run('apply --auto-approve', { env: { PASSWORD: STRONG } })
    expect(code).toBe(0)
    expect(written(at.emulator)).toEqual(['POST /users/smtp/add'])
    expect(written(other.emulator)).toEqual(['PATCH /users/smtp/edit'])
  })

  test('a subaccount and what is in it are made in one apply', async () => {
    const at = await home()
    at.spec(
      'subaccounts:\n  - { name: Acme, email: it@acme.example }\n---\nversion: 1\nsubaccount: Acme\nsmtpUsers:\n  - { username: acme-app, password: "${env:PASSWORD}" }\n',
    )
    const { code, stderr } = await at.run('apply --auto-approve', { env: { PASSWORD: STRONG } })
    expect(stderr).toContain('done      + main/Acme:smtpUsers/acme-app')
    expect(code).toBe(0)
    expect(names(at)).toEqual([])
    expect((await at.run('plan --detailed-exitcode', { env: { PASSWORD: STRONG } })).code).toBe(0)
  })

  test('a document of an unknown subaccount is refused', async () => {
    const at = await home()
    at.spec('subaccount: Nobody\nsmtpUsers: []\n')
    const { code, stderr } = await at.run('plan')
    expect(codes(stderr)).toEqual(['mailconfig.yaml:7:1 UNKNOWN_SUBACCOUNT'])
    expect(code).toBe(1)
  })
})

describe('asking', () => {
  const spec = 'singleSenders: [ann@example.com]\n'

  test('plan --detailed-exitcode tells changes from none', async () => {
    const at = await home()
    at.spec(spec)
    expect((await at.run('plan')).code).toBe(0)
    expect((await at.run('plan --detailed-exitcode')).code).toBe(2)
    expect((await at.run('apply --auto-approve')).code).toBe(0)
    expect((await at.run('plan --detailed-exitcode')).code).toBe(0)
  })

  test.each(['apply', 'apply --no-input', 'destroy --no-input'])(
    '%s without a terminal writes nothing',
    async (command) => {
      const at = await home({
        seed: state(command.startsWith('destroy') ? { singleSenders: [{ email_address: 'ann@example.com' }] } : {}),
      })
      at.spec(spec)
      const { code, stderr } = await at.run(command, { stdin: 'yes\n' })
      expect(stderr).toContain('there is no terminal to ask on, so nothing was written')
      expect(stderr).toContain('--auto-approve')
      expect(code).toBe(1)
      expect(writes(at.emulator)).toEqual([])
    },
  )

  test('with nothing to do there is nothing to ask', async () => {
    const at = await home()
    at.spec('smtpUsers: []\n')
    const { code, stdout } = await at.run('apply --no-input')
    expect(stdout).toMatch(/^Nothing to do\./)
    expect(code).toBe(0)
  })
})

describe('API keys', () => {
  const key = (target: string) =>
    `apiKeys:\n  - { description: Billing service, endpoints: [/email/send], saveTo: { ${target} } }\n`
  const made = (at: Home) => {
    const all = at.emulator.state() as { smtp2go: { keys: { description: string; api_key: string }[] } }
    return all.smtp2go.keys.find((one) => one.description === 'Billing service')?.api_key
  }

  test('a new key goes whole into its file, which nobody else may read', async () => {
    const at = await home()
    at.spec(key('file: secrets/billing.key'))
    const { code, stdout, stderr } = await at.run('apply --auto-approve')
    expect(code).toBe(0)
    expect(at.text('secrets/billing.key')).toBe(`${made(at)}\n`)
    expect(statSync(join(at.dir, 'secrets/billing.key')).mode & 0o777).toBe(0o600)
    expect(stderr).toContain('saved to secrets/billing.key')
    expect(stdout + stderr).not.toContain(made(at) ?? '?')
    expect((await at.run('plan --detailed-exitcode')).code).toBe(0)
  })

  test('the file gives the key back where it is to be removed', async () => {
    const at = await home()
    at.spec(key('file: secrets/billing.key'))
    await at.run('apply --auto-approve')
    const { code } = await at.run('destroy --auto-approve')
    expect(code).toBe(0)
    expect(made(at)).toBeUndefined()
  })

  test('a file outside the folder is refused before the key is made', async () => {
    const at = await home()
    at.spec(key('file: ../outside.key'))
    const { code, stderr } = await at.run('apply --auto-approve')
    expect(stderr).toContain('nothing was created, because the file of saveTo is outside the folder of the spec')
    expect(code).toBe(4)
    expect(writes(at.emulator)).toEqual([])
  })

  test('a command is shown in the plan, runs in apply alone, and gets the key on its standard input', async () => {
    const at = await home()
    at.spec(key('command: cat > handed.txt'))
    const planned = await at.run('plan')
    expect(planned.stdout).toMatch(/saveTo\.command +"cat > handed\.txt"/)
    expect(existsSync(join(at.dir, 'handed.txt'))).toBe(false)
    const { code, stdout, stderr } = await at.run('apply --auto-approve')
    expect(code).toBe(0)
    expect(at.text('handed.txt')).toBe(`${made(at)}\n`)
    expect(stdout + stderr).not.toContain(made(at) ?? '?')
  })

  test('a command that fails does not lose the key', async () => {
    const at = await home()
    at.spec(key('command: exit 3'))
    const { code, stderr } = await at.run('apply --auto-approve')
    expect(stderr).toContain('its secret could not be delivered: the command failed')
    const file = /it is kept in (\S+\.key)/.exec(stderr)?.[1] ?? ''
    expect(file).toMatch(/^\.mailconfig\/undelivered\/main-apiKeys-Billing-service-[0-9a-f]{10}\.key$/)
    expect(at.text(file)).toBe(`${made(at)}\n`)
    expect(statSync(join(at.dir, file)).mode & 0o777).toBe(0o600)
    expect(at.text('.mailconfig/undelivered/.gitignore')).toBe('*\n')
    expect(code).toBe(4)
  })
})

describe('the password of a provider', () => {
  const spec = (words: string) => provider(`caption: Main, password: "\${env:RELAY}", ${words}`)
  const sent = (at: Home) => writes(at.emulator).map((call) => call.body)

  test('is sent again when the host changes', async () => {
    const at = await home({ seed: office({ caption: 'Main' }) })
    at.both(spec('host: elsewhere.example.com'))
    const { code } = await at.run('apply --auto-approve', { env: { RELAY: 'p' } })
    expect(code).toBe(0)
    expect(sent(at)).toEqual([{ host: 'elsewhere.example.com', password: '(secret)' }])
  })

  test('is not sent when something else changes', async () => {
    const at = await home({ seed: office({ caption: 'Main' }) })
    at.both(spec('host: mail0.example.com, enabled: true').replace('sendFromName: Example', 'sendFromName: Other'))
    await at.run('apply --auto-approve', { env: { RELAY: 'p' } })
    expect(sent(at)).toEqual([{ sendFromName: 'Other' }])
  })

  test('has to be in the spec when the host changes', async () => {
    const at = await home({ seed: office({ caption: 'Main' }) })
    at.both(provider('caption: Main, host: elsewhere.example.com'))
    const { code, stderr } = await at.run('apply --auto-approve')
    expect(codes(stderr)).toEqual(['mailconfig.yaml:12:5 NEEDS_SECRET'])
    expect(code).toBe(1)
    expect(writes(at.emulator)).toEqual([])
  })
})

describe('destroy', () => {
  test('deletes what the spec names and nothing else', async () => {
    const at = await home({ seed: state({ smtpUsers: users('first-app', 'other-app') }) })
    at.spec(
      'manage: { smtpUsers: authoritative }\nsmtpUsers:\n  - { username: first-app }\nallowedRecipients: { enabled: false, entries: [] }\n',
    )
    const { code, stdout, stderr } = await at.run('destroy --auto-approve')
    expect(stderr).toContain('Left as they are, for the API cannot delete them: allowedRecipients')
    expect(stdout).toMatch(/Applied\. 1 change done/)
    expect(code).toBe(0)
    expect(names(at)).toEqual(['other-app'])
  })
})
