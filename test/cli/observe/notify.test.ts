import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, type Home, home, STRONG, state, writes } from '../harness.ts'
import { type Collector, openCollector } from './collector.ts'

const opened: Collector[] = []
afterEach(async () => {
  await closeHomes()
  await Promise.all(opened.splice(0).map((one) => one[Symbol.asyncDispose]()))
})

async function chat(): Promise<Collector> {
  const one = await openCollector()
  opened.push(one)
  return one
}

interface Message {
  readonly text: string
  readonly blocks: readonly {
    readonly type: string
    readonly text?: { readonly type: string; readonly text: string }
  }[]
}

const messages = ({ received }: Collector): Message[] => received.map(({ body }) => JSON.parse(body))
const PASSWORD = { PASSWORD: STRONG, USER: 'ada' }
const SPEC = 'smtpUsers:\n  - { username: first-app, password: "${env:PASSWORD}" }\n'
const SECRET_PATH = '/services/T0/B0/secret-part'

async function ran(command: string, to: Collector, arrange: (at: Home) => void = (at) => at.spec(SPEC)) {
  const at = await home()
  arrange(at)
  const result = await at.run(`${command} --notify ${to.url}${SECRET_PATH}`, { env: PASSWORD })
  expect(result.stdout + result.stderr).not.toContain('secret-part')
  return { at, ...result }
}

const refuses = (at: Home) => {
  at.spec(`${SPEC}  - { username: second-app, password: "\${env:PASSWORD}" }\n`)
  const body = { data: { error: 'this <b>is</b> no', error_code: 'E.API_EXCEPTION' } }
  at.emulator.faults([{ match: { path: '/v3/users/smtp/add', nth: 2 }, fault: 'status', status: 400, body }])
}

describe('a webhook is told', () => {
  test('what an apply did, in the form of Slack', async () => {
    const to = await chat()
    const { code } = await ran('apply --auto-approve', to)
    expect(code).toBe(0)
    expect(to.received.map(({ path, headers }) => [path, headers['content-type']])).toEqual([
      [SECRET_PATH, 'application/json'],
    ])
    const [message] = messages(to)
    expect(message?.text.split('\n')).toEqual([
      '✔ mailconfig apply: 1 done (mailconfig.yaml)',
      'done: create main:smtpUsers/first-app',
      expect.stringMatching(/^by ada@\S+, exit code 0$/),
    ])
    expect(message?.blocks.map(({ type, text }) => [type, text?.type])).toEqual([
      ['section', 'plain_text'],
      ['section', 'plain_text'],
      ['context', undefined],
    ])
  })

  test('what failed first, and why', async () => {
    const to = await chat()
    const { code } = await ran('apply --auto-approve --parallelism 1', to, refuses)
    expect(code).toBe(4)
    expect(messages(to)[0]?.text.split('\n')).toEqual([
      '⚠ mailconfig apply: 1 done, 1 failed (mailconfig.yaml)',
      expect.stringMatching(/^failed: create main:smtpUsers\/second-app, this &lt;b&gt;is&lt;\/b&gt; no/),
      'done: create main:smtpUsers/first-app',
      expect.stringMatching(/exit code 4$/),
    ])
  })

  test('that a gate refused, and that a spec is broken', async () => {
    const to = await chat()
    const gated = await ran('plan', to, (at) => at.spec('smtpUsers:\n  - { usernam: x }\n'))
    expect(gated.code).toBe(1)
    expect(messages(to)[0]?.text).toMatch(/^✖ mailconfig plan: failed: [A-Z_, ]+ \(mailconfig\.yaml\)\n/)
  })

  test('of drift, by plan and by drift', async () => {
    const to = await chat()
    const at = await home()
    at.spec(SPEC.replace(' }', ', description: Mine }'))
    expect((await at.run('apply --auto-approve', { env: PASSWORD })).code).toBe(0)
    at.emulator.setState(
      state({ smtpUsers: [{ username: 'first-app', description: 'Theirs', email_password: STRONG }] }),
    )
    for (const command of ['plan', 'drift']) await at.run(`${command} --notify ${to.url}/x`, { env: PASSWORD })
    expect(messages(to).map(({ text }) => text.split('\n').slice(0, 2))).toEqual([
      ['⚠ mailconfig plan: 1 object changed outside (mailconfig.yaml)', 'changed outside: main:smtpUsers/first-app'],
      ['⚠ mailconfig drift: 1 object changed outside (mailconfig.yaml)', 'changed outside: main:smtpUsers/first-app'],
    ])
  })

  test.each([
    ['nothing of a plan without drift', 'plan', [], 0],
    ['nothing of changes where only failures are wanted', 'apply --auto-approve', ['failure'], 0],
    ['of changes where they are wanted', 'apply --auto-approve', ['failure', 'changes'], 1],
    ['of every run where that is wanted', 'plan', ['always'], 1],
    ['nothing of a command that is about no account', 'validate', ['always'], 0],
  ])('%s', async (_, command, on, expected) => {
    const to = await chat()
    const { code } = await ran(`${command} ${on.map((one) => `--notify-on ${one}`).join(' ')}`, to)
    expect(code).toBe(0)
    expect(to.received).toHaveLength(expected)
  })

  test('by the environment, and each of several', async () => {
    const [one, two] = [await chat(), await chat()]
    const at = await home()
    at.spec(SPEC)
    const env = { ...PASSWORD, MAILCONFIG_NOTIFY_URL: `${one.url}/1 ${two.url}/2` }
    expect((await at.run('apply --auto-approve', { env })).code).toBe(0)
    expect([...one.received, ...two.received].map(({ path }) => path)).toEqual(['/1', '/2'])
  })

  test('where the job is, and the commit', async () => {
    const to = await chat()
    const at = await home()
    at.spec(SPEC)
    const env = {
      ...PASSWORD,
      GITLAB_CI: 'true',
      GITLAB_USER_LOGIN: 'grace',
      CI_JOB_URL: 'https://ci.example.com/jobs/7?a=1&b=2',
      CI_COMMIT_SHA: 'd'.repeat(40),
      CI_COMMIT_REF_PROTECTED: 'true',
      CI_COMMIT_BRANCH: 'main',
    }
    await at.run(`apply --auto-approve --notify ${to.url}/x`, { env })
    expect(messages(to)[0]?.text).toContain('by grace, commit dddddddddddd, exit code 0')
    expect(JSON.stringify(messages(to)[0]?.blocks.at(-1))).toContain(
      '<https://ci.example.com/jobs/7?a=1&amp;b=2|The job>',
    )
  })
})

describe('a message', () => {
  test('calls nobody and has no link, whatever objects are called', async () => {
    const to = await chat()
    const names = [
      '<!channel> & <@U1>',
      '@here',
      'x @channel',
      'a@everyone.example.com',
      'me@example.com',
      '<https://x|y>',
    ]
    await ran('apply --auto-approve', to, (at) =>
      at.spec(
        `templates:\n${names.map((name, n) => `  - { id: t-${n}, name: ${JSON.stringify(name)}, subject: s, html: h, text: t }\n`).join('')}allowedRecipients:\n  mode: whitelist\n`,
      ),
    )
    await ran('apply --auto-approve --report-target "<!here> @channel"', to)
    for (const { text, blocks } of messages(to)) {
      const all = text + JSON.stringify(blocks)
      expect(all).not.toMatch(/<[!@#h]/)
      expect(all).not.toMatch(/@(here|channel|everyone)/)
    }
    expect(messages(to).at(-1)?.text).toContain('(&lt;!here&gt; @\u200Bchannel)')
  })

  test('names 20 objects and counts the others', async () => {
    const to = await chat()
    const users = Array.from({ length: 27 }, (_, n) => `  - { username: app-${n}, password: "\${env:PASSWORD}" }\n`)
    const { code } = await ran('apply --auto-approve', to, (at) => at.spec(`smtpUsers:\n${users.join('')}`))
    expect(code).toBe(0)
    const [message] = messages(to)
    expect(message?.text.match(/^done: /gm)).toHaveLength(20)
    expect(message?.text).toContain('\nand 7 more\n')
  })
})

describe('a webhook that', () => {
  test('fails once is tried again', async () => {
    const to = await chat()
    to.answer = (at) => ({ status: at === 1 ? 503 : 200 })
    const { code, stderr } = await ran('apply --auto-approve', to)
    expect({ code, warned: stderr.includes('warning') }).toEqual({ code: 0, warned: false })
    expect(to.received).toHaveLength(2)
  })

  test.each([
    ['fails twice', 500, 2],
    ['is not known', 404, 1],
    ['leads elsewhere', 302, 1],
  ])('%s costs a warning, and not the exit code', async (_, status, tries) => {
    const [to, elsewhere] = [await chat(), await chat()]
    to.answer = () => ({ status, headers: { location: elsewhere.url } })
    const { code, stderr } = await ran('apply --auto-approve', to)
    expect(code).toBe(0)
    expect(stderr).toContain(`warning: the notification could not be sent (status ${status})\n`)
    expect([to.received.length, elsewhere.received.length]).toEqual([tries, 0])
  })

  test('is gone costs a warning', async () => {
    const gone = await openCollector()
    await gone[Symbol.asyncDispose]()
    const { code, stderr } = await ran('apply --auto-approve', gone)
    expect(code).toBe(0)
    expect(stderr).toContain('warning: the notification could not be sent (ECONNREFUSED)\n')
  })

  test.each([
    'http://hooks.example.com/secret-part',
    'ftp://127.0.0.1/secret-part',
    'secret-part',
    'http://127.0.0.1.example.com/secret-part',
  ])('is %s stops the run before it begins, and is not repeated', async (url) => {
    const at = await home()
    at.spec(SPEC)
    for (const [args, env] of [
      [` --notify ${url}`, PASSWORD],
      ['', { ...PASSWORD, MAILCONFIG_NOTIFY_URL: url }],
    ] as const) {
      const { code, stdout, stderr } = await at.run(`apply --auto-approve${args}`, { env })
      expect(code).toBe(1)
      expect(stderr).toContain('is not an https URL')
      expect(stdout + stderr).not.toContain('secret-part')
    }
    expect(writes(at.emulator)).toEqual([])
  })
})
