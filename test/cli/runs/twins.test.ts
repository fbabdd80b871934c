import { afterEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { closeHomes, type Home, home, lintsOff, state, writes } from '../harness.ts'

afterEach(closeHomes)

const URL = 'https://hooks.example.com/mail'
const HOOKS = state({
  webhooks: [
    { id: 7, url: URL, events: ['bounce'] },
    { id: 8, url: URL, events: ['spam'] },
  ],
})
const hooks = ({ emulator }: Home) => {
  const found = emulator.state() as {
    smtp2go: { scopes: { '': { webhooks: { id: number; events: string[]; url: string }[] } } }
  }
  return found.smtp2go.scopes[''].webhooks.map(({ id, events, url }) => ({ id, events, url }))
}
const key = ({ emulator }: Home) => ({ SMTP2GO_URL: emulator.smtp2go, SMTP2GO_API_KEY: emulator.apiKey })

describe('two webhooks of one URL', () => {
  test('are written down with their ids, and the plan is empty', async () => {
    const at = await home({ seed: HOOKS })
    await at.run('init', { env: key(at) })
    expect(parse(at.text('mailconfig.yaml')).webhooks).toEqual([
      { url: URL, id: 7, events: ['bounce'] },
      { url: URL, id: 8, events: ['spam'] },
    ])
    expect((await at.run(`plan --detailed-exitcode --strict ${lintsOff(at)}`, { env: key(at) })).code).toBe(0)
  })

  test('are changed and deleted one by one, each by its id', async () => {
    const at = await home({ seed: HOOKS })
    at.spec(`webhooks:\n  - { url: ${URL}, id: 8, events: [spam, open] }\n  - { url: ${URL}, id: 7, state: absent }\n`)
    const { code, stderr } = await at.run('apply --auto-approve')
    expect(stderr).toContain(`~ main:webhooks/${URL} (id 8)`)
    expect(code).toBe(0)
    expect(hooks(at)).toEqual([{ id: 8, url: URL, events: ['spam', 'open'] }])
    expect((await at.run('plan --detailed-exitcode')).code).toBe(0)
  })

  test('are ambiguous without, and the ids are said', async () => {
    const at = await home({ seed: HOOKS })
    at.spec(`webhooks: [{ url: ${URL}, events: [bounce] }]\n`)
    const { code, stderr } = await at.run('plan')
    expect(stderr).toContain('AMBIGUOUS_LIVE 2 live objects have the url')
    expect(stderr).toContain('(ids 7, 8)')
    expect(stderr).toContain('say which one is meant with "id: 7" in the entry')
    expect(code).toBe(1)
  })

  test('stop a plan that would delete them unnamed', async () => {
    const at = await home({ seed: HOOKS })
    at.spec(
      `manage: { default: authoritative }\nwebhooks: [{ url: ${URL}, id: 7, events: [bounce] }, { url: https://b.example/x, events: [open] }]\n`,
    )
    expect((await at.run('apply --auto-approve')).code).toBe(0) // the other one is told apart by being alone
    at.emulator.setState(HOOKS)
    at.spec(`manage: { default: authoritative }\nwebhooks: [{ url: https://b.example/x, events: [open] }]\n`)
    const { code, stderr, stdout } = await at.run('apply --auto-approve')
    expect(stdout + stderr).toMatch(/TWIN_DELETED[\s\S]*\(id 7\)[\s\S]*"bounce"[\s\S]*\(id 8\)[\s\S]*"spam"/)
    expect(code).toBe(3)
    expect(hooks(at)).toHaveLength(2)
  })

  test('an id that is not there is not made', async () => {
    const at = await home({ seed: HOOKS })
    at.spec(`webhooks: [{ url: ${URL}, id: 9, events: [bounce] }]\n`)
    const { code, stderr } = await at.run('apply --auto-approve')
    expect(stderr).toContain(`WRONG_ID there is no webhook with the id 9 and the url "${URL}"`)
    expect(code).toBe(1)
    expect(writes(at.emulator)).toEqual([])
  })

  test('one gets another URL and keeps its id', async () => {
    const at = await home({ seed: HOOKS })
    at.spec(`webhooks: [{ url: ${URL}, id: 8, events: [spam] }]\n`)
    await at.run('adopt --all')
    at.spec(`webhooks: [{ url: ${URL}2, moved: ${URL}, id: 8, events: [spam] }]\n`)
    expect((await at.run('apply --auto-approve')).code).toBe(0)
    expect(hooks(at)).toEqual([
      { id: 7, url: URL, events: ['bounce'] },
      { id: 8, url: `${URL}2`, events: ['spam'] },
    ])
  })
})

describe('providers without a caption', () => {
  const provider = (id: number, host: string) => ({
    ...{ id, caption: null, driver: 'smtp', host, port: 25, username: 'relay', encryption: 'tls' },
    ...{ sendFrom: 'a@example.com', sendFromName: 'A', isEnabled: id === 1 },
  })
  const seed = { backoffice: { providers: [provider(1, 'a.example'), provider(2, 'b.example')] } }

  test('are shown with id and host, and only their numbers open the gate', async () => {
    const at = await home({ seed })
    at.file(
      'mailconfig.yaml',
      `version: 1\naccounts:\n  office: { api: backoffice, url: "${at.emulator.backoffice}", token: "\${env:TOKEN}" }\nmanage: { default: authoritative }\nproviders: []\n`,
    )
    const { stdout } = await at.run('plan', { env: { TOKEN: at.emulator.token } })
    expect(stdout).toMatch(/- providers\/\(id 1\) {2}delete/)
    expect(stdout).toContain('office:providers/(id 2) would be deleted, which has no caption; its host: "b.example"')
  })

  test('are written down, and get a name by their id', async () => {
    const at = await home({ seed })
    const env = { BACKOFFICE_URL: at.emulator.backoffice, BACKOFFICE_TOKEN: at.emulator.token }
    await at.run('init', { env })
    expect((await at.run('plan --detailed-exitcode', { env })).code).toBe(0)
    at.file('mailconfig.yaml', at.text('mailconfig.yaml').replace('- id: 2', '- id: 2\n    caption: Spare'))
    expect((await at.run('apply --auto-approve', { env })).code).toBe(0)
    const { providers } = (
      at.emulator.state() as { backoffice: { providers: { id: number; caption: string | null }[] } }
    ).backoffice
    expect(providers.map(({ id, caption }) => [id, caption])).toEqual([
      [1, null],
      [2, 'Spare'],
    ])
    expect((await at.run('plan --detailed-exitcode', { env })).code).toBe(0)
  })
})

describe('what a spec cannot say', () => {
  const suppression = (email_address: string) => ({ email_address, reason: 'manual', timestamp: '2026-01-02 03:04:05' })
  test('is left out of an export with a note, and the plan is empty', async () => {
    const seed = state({
      smtpUsers: [
        { username: 'user+tag@example.com', status: 'allowed' },
        { username: 'plain-user', status: 'allowed' },
      ],
      suppressions: [suppression('user@localhost'), suppression('a@example.com')],
    })
    const at = await home({ seed })
    const { stderr } = await at.run('init', { env: key(at) })
    expect(stderr).toContain(
      'note: main:smtpUsers/user+tag@example.com: left out, for a spec cannot say its username as the API has it',
    )
    expect(stderr).toContain('note: main:suppressions/user@localhost: left out')
    const spec = parse(at.text('mailconfig.yaml'))
    expect(spec.smtpUsers).toMatchObject([{ username: 'plain-user' }])
    expect((await at.run('plan --detailed-exitcode', { env: key(at) })).code).toBe(0)
  })

  test('names that look alike as files get files of their own', async () => {
    const names = ['Shop / EU', 'shop-eu', 'Ключ', 'Ключи']
    const keys = names.map((description, at) => ({
      description,
      api_key: `api-${String(at).repeat(32)}`,
      endpoints: ['*'],
    }))
    const at = await home({ seed: state({}, { keys }) })
    await at.run('init', { env: key(at) })
    const files = parse(at.text('mailconfig.yaml')).apiKeys.map((one: { saveTo: { file: string } }) => one.saveTo.file)
    expect(new Set(files).size).toBe(files.length)
    expect((await at.run(`validate --strict ${lintsOff(at)}`)).code).toBe(0)
  })
})

test('a body that the API does not take is refused before anything is sent', async () => {
  const at = await home()
  at.file('big.html', `<p>${'x'.repeat(700_000)}</p>`)
  const template = 'id: hello-1, name: Hello, subject: Hi, html: { file: big.html }, text: { file: big.html }'
  at.spec(`templates: [{ ${template} }]\n`)
  const { code, stderr } = await at.run('validate')
  expect(stderr).toMatch(/BODY_TOO_LARGE templates\/hello-1 has 14\d{5} bytes in one call.*and the API accepts 1048576/)
  expect(code).toBe(1)
  at.spec(`templates: [{ ${template.replace('text: { file: big.html }', 'text: Hi')} }]\n`)
  expect((await at.run('apply --auto-approve')).code).toBe(0)
})

test('how a line ends is no difference: one line that changed is one line', async () => {
  const lines = Array.from({ length: 20 }, (_, at) => `<p>Line ${at}</p>`)
  const row = { id: 'hello-1', template_name: 'Hello', subject: 'Hi', text_body: 'Hi', html_body: lines.join('\r\n') }
  const at = await home({ seed: state({ templates: [row] }) })
  at.file('a.html', lines.with(10, '<p>Other</p>').join('\n'))
  at.spec('templates: [{ id: hello-1, name: Hello, subject: Hi, text: Hi, html: { file: a.html } }]\n')
  const { stdout } = await at.run('plan')
  expect(stdout.match(/^ +[-+](?!\d)\s*<p>.*/gm)?.map((line) => line.trim())).toEqual([
    '-<p>Line 10</p>',
    '+<p>Other</p>',
  ])
})
