import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { closeHomes, home, STRONG, state, writes } from '../cli/harness.ts'
import { PUSH, pullRequest, runAction } from './action.ts'
import { type GitHubServer, type Issue, startGitHub } from './github-server.ts'

const USER = `smtpUsers:\n  - username: billing\n    password: ${STRONG}\n    description: Invoices\n`
const MARKER = '<!-- mailconfig:mailconfig -->'

vi.setConfig({ testTimeout: 120_000 }) // each of them starts several programs, one after the other
afterEach(closeHomes)

function thePull(hub: GitHubServer): Issue {
  const found = hub.issues.find(({ number }) => number === 7)
  if (found === undefined) throw new Error('there is no pull request 7')
  return found
}

const bodies = (hub: GitHubServer) => thePull(hub).comments.map(({ body }) => body)

describe('the comment', () => {
  test('is written by the first run and changed in place by the second', async () => {
    await using hub = await startGitHub()
    const at = await home()
    at.spec(USER)
    const first = await runAction(at, hub)
    expect(first).toMatchObject({
      code: 0,
      outputs: {
        'exit-code': '2',
        'has-changes': 'true',
        changes: '1',
        url: expect.stringContaining('#issuecomment-'),
      },
    })
    expect(bodies(hub)).toEqual([expect.stringMatching(new RegExp(`^${MARKER}\n[\\s\\S]*smtpUsers/billing`))])
    expect(bodies(hub)[0]).toContain('At commit c0ffee012345.')
    expect(first.summary).toContain('smtpUsers/billing')
    expect(writes(at.emulator)).toEqual([])

    at.spec('')
    const second = await runAction(at, hub)
    expect(second).toMatchObject({ code: 0, outputs: { 'exit-code': '0', 'has-changes': 'false', changes: '0' } })
    expect(bodies(hub)).toEqual([expect.stringContaining('nothing to do')])
    expect(second.outputs['url']).toBe(first.outputs['url'])
  })

  test('is one for each target', async () => {
    await using hub = await startGitHub()
    const at = await home()
    at.spec(USER)
    await runAction(at, hub, { inputs: { target: 'staging' } })
    await runAction(at, hub, { inputs: { target: 'prod and "more" -->' } })
    await runAction(at, hub, { inputs: { target: 'staging' } })
    expect(bodies(hub).map((body) => body.split('\n')[0])).toEqual([
      '<!-- mailconfig:staging -->',
      '<!-- mailconfig:prod-and-more- -->',
    ])
  })

  test('of somebody else stays, and so does one of ours that only quotes the marker', async () => {
    await using hub = await startGitHub()
    const at = await home()
    at.spec(USER)
    hub.addComment(thePull(hub), 'mallory', `${MARKER}\nlooks like yours`)
    hub.addComment(thePull(hub), 'github-actions[bot]', `> ${MARKER}\n${MARKER}`)
    await runAction(at, hub)
    expect(bodies(hub)).toHaveLength(3)
    expect(bodies(hub)[0]).toBe(`${MARKER}\nlooks like yours`)
  })

  test('is found behind many others, page after page', async () => {
    await using hub = await startGitHub()
    const at = await home()
    at.spec(USER)
    for (let number = 0; number < 230; number++) hub.addComment(thePull(hub), 'ada', `remark ${number}`)
    hub.addComment(thePull(hub), 'github-actions[bot]', `${MARKER}\nold`)
    await runAction(at, hub)
    expect(bodies(hub)).toHaveLength(231)
    expect(bodies(hub)[230]).toContain('smtpUsers/billing')
  })

  test('is not written twice where the answer was lost', async () => {
    await using hub = await startGitHub()
    const at = await home()
    at.spec(USER)
    hub.troubles.push({ method: 'POST', status: 502, happened: true })
    expect(await runAction(at, hub)).toMatchObject({ code: 0 })
    expect(bodies(hub)).toHaveLength(1)
  })

  test('comes through limits, failures and broken connections', async () => {
    await using hub = await startGitHub()
    const at = await home()
    at.spec(USER)
    hub.troubles.push(
      { method: 'GET', status: 503 },
      { method: 'GET', status: 0 },
      { method: 'POST', status: 429, headers: { 'retry-after': '0' } },
      {
        method: 'POST',
        status: 403,
        headers: { 'retry-after': '0' },
        message: 'You have exceeded a secondary rate limit',
      },
    )
    expect(await runAction(at, hub)).toMatchObject({ code: 0 })
    expect(bodies(hub)).toHaveLength(1)
    expect(hub.troubles).toEqual([])
  })

  test('is not waited for longer than is sensible', async () => {
    await using hub = await startGitHub()
    const at = await home()
    at.spec(USER)
    hub.troubles.push({ method: 'POST', status: 429, headers: { 'retry-after': '3600' } })
    const ended = await runAction(at, hub)
    expect(ended.code).toBe(1)
    expect(ended.log).toMatch(/^::error::GitHub: POST .*: 429/m)
  })

  test('tells of a plan that failed, too, and the job fails', async () => {
    await using hub = await startGitHub()
    const at = await home()
    at.spec('smtpUsers:\n  - username: billing\n    pasword: x\n')
    const ended = await runAction(at, hub)
    expect(ended).toMatchObject({ code: 1, outputs: { 'exit-code': '1', 'has-changes': 'false' } })
    expect(bodies(hub)).toEqual([expect.stringContaining('UNKNOWN_FIELD')])
  })

  test('tells of a command line that is wrong', async () => {
    await using hub = await startGitHub()
    const at = await home()
    at.spec(USER)
    const ended = await runAction(at, hub, { inputs: { args: '--no-such-option' } })
    expect(ended.code).toBe(1)
    expect(bodies(hub)).toEqual([expect.stringMatching(/^<!-- mailconfig:mailconfig -->\n[\s\S]*--no-such-option/)])
  })

  test('is left out where that is said, and where there is no pull request', async () => {
    await using hub = await startGitHub()
    const at = await home()
    at.spec(USER)
    await runAction(at, hub, { inputs: { comment: 'false' } })
    await runAction(at, hub, { event: PUSH })
    expect(hub.calls).toEqual([])
  })
})

describe('rights', () => {
  test('a token that may not comment is an error that names the permission', async () => {
    await using hub = await startGitHub()
    const at = await home()
    at.spec(USER)
    hub.tokens.set('reader', { login: 'github-actions[bot]' })
    const ended = await runAction(at, hub, { inputs: { 'github-token': 'reader' } })
    expect(ended.code).toBe(1)
    expect(ended.log).toMatch(/^::error::.*add "pull-requests: write"/m)
    expect(ended.summary).toContain('smtpUsers/billing')
  })

  test('a token that is wrong is said', async () => {
    await using hub = await startGitHub()
    const at = await home()
    at.spec(USER)
    const ended = await runAction(at, hub, { inputs: { 'github-token': 'wrong', 'comment-author': 'ada' } })
    expect(ended.code).toBe(1)
    expect(ended.log).toMatch(/^::error::.*401/m)
  })

  test('a pull request from a fork is planned on a recorded account: no credential, no call, no comment', async () => {
    await using hub = await startGitHub()
    const at = await home()
    at.spec(USER)
    const recorded = JSON.stringify({ smtp2go: { scopes: { '': { smtpUsers: [{ username: 'printer' }] } } } })
    at.file('account.json', recorded)
    hub.tokens.set('reader', { login: 'github-actions[bot]' })
    const inputs = { 'github-token': 'reader', 'emulator-data': 'account.json' }
    const ended = await runAction(at, hub, { inputs, env: { KEY: '' }, event: pullRequest('mallory/mail') })
    expect(ended).toMatchObject({ code: 0, outputs: { changes: '1' } })
    expect(ended.log).toMatch(/^::notice::A pull request from a fork/m)
    expect(ended.summary).toContain('smtpUsers/billing')
    expect(at.emulator.requests()).toEqual([])
    expect(at.text('account.json')).toBe(recorded)
    expect(bodies(hub)).toEqual([])
  })

  test('a recording of several accounts is used whole', async () => {
    await using hub = await startGitHub()
    const at = await home()
    const account = (name: string) => `  ${name}: { api: smtp2go, region: eu, apiKey: "\${env:KEY}" }\n`
    const spec = `version: 1\naccounts:\n${account('main')}${account('second')}---\nversion: 1\naccount: second\nsingleSenders: [a@example.org]\n`
    at.file('mailconfig.yaml', spec)
    const holding = (...senders: readonly string[]) =>
      JSON.stringify(state({ singleSenders: senders.map((email_address) => ({ email_address, verified: true })) }))
    at.file('data/recorded.json', holding())
    at.file('data/recorded.second.json', holding('a@example.org'))
    const inputs = { 'emulator-data': 'data/recorded.json' }
    const ended = await runAction(at, hub, { inputs, event: pullRequest('mallory/mail') })
    expect(ended).toMatchObject({ code: 0, outputs: { changes: '0', 'exit-code': '0' } })
    expect(at.text('data/recorded.second.json')).toBe(holding('a@example.org'))
  })

  test('a fork gets nothing with pull_request_target, whose jobs have secrets', async () => {
    await using hub = await startGitHub()
    const at = await home()
    at.spec(USER)
    const ended = await runAction(at, hub, { event: pullRequest('mallory/mail', 'pull_request_target') })
    expect(ended.code).toBe(1)
    expect(ended.log).toMatch(/^::error::pull_request_target/m)
    expect(at.emulator.requests()).toEqual([])
    expect(await runAction(at, hub, { event: pullRequest('acme/mail', 'pull_request_target') })).toMatchObject({
      code: 0,
    })
  })

  test('the spec cannot name the token, nor what the runner gives to actions', async () => {
    await using hub = await startGitHub()
    const at = await home()
    for (const name of ['INPUT_GITHUB_TOKEN', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'GITHUB_OUTPUT']) {
      at.spec(`singleSenders:\n  - \${env:${name}}@example.org\n`)
      const ended = await runAction(at, hub, { env: { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'job-token' } })
      expect(ended.code).toBe(1)
      expect(bodies(hub).join()).toContain(name)
      expect(ended.log + ended.summary + bodies(hub).join()).not.toContain('job-token')
    }
  })
})

describe('hostile text', () => {
  test('of a spec is no command to the runner, and leaves no comment of another target', async () => {
    await using hub = await startGitHub()
    const at = await home()
    const bad = '<!-- mailconfig:other -->\\n::set-output name=changes::99\\n##[error]no\\n@everyone </details>'
    at.spec(
      `templates:\n  - { id: hostile, name: "\\n::error::x", subject: s, html: "${bad}", text: "a\\n::error::b\\n##[c]" }\n`,
    )
    const ended = await runAction(at, hub)
    expect(ended).toMatchObject({ code: 0, outputs: { changes: '1' } })
    expect(bodies(hub)[0]?.split('\n')[0]).toBe(MARKER)
    const [, word = '', quoted = '', rest = ''] =
      /^::stop-commands::([0-9a-f]{32})\n([\s\S]*?)\n::\1::\n([\s\S]*)$/.exec(ended.log) ?? []
    expect(word).not.toBe('')
    expect(quoted).toContain('error')
    expect(quoted).not.toContain(word)
    expect(rest).not.toMatch(/set-output|##\[/)
  })

  test('of an input is no shell, and one line is one argument', async () => {
    await using hub = await startGitHub()
    const at = await home()
    at.spec(USER)
    const bad = '$(touch pwned); `touch pwned` "\' && touch pwned'
    for (const input of ['files', 'args', 'target', 'accept', 'working-directory', 'version', 'command', 'ledger']) {
      const ended = await runAction(at, hub, { inputs: { [input]: bad } })
      expect(existsSync(join(at.dir, 'pwned'))).toBe(false)
      if (input !== 'target') expect(ended.code, input).not.toBe(undefined)
    }
    const two = await runAction(at, hub, { inputs: { args: '--only=smtpUsers/nobody here\n--all' } })
    expect(two.log).toContain('smtpUsers/nobody here')
  })

  test.each([
    [{ command: 'destroy' }, 'no command "destroy"'],
    [{ threshold: '0' }, 'threshold'],
    [{ comment: 'maybe' }, 'comment is true or false'],
    [{ 'working-directory': '..' }, 'outside the repository'],
    [{ 'mailconfig-path': 'nowhere.js' }, 'mailconfig-path'],
    [{ 'mailconfig-path': '', version: 'latest' }, 'exact'],
    [{ 'emulator-data': 'nowhere.json' }, 'emulator-data'],
  ])('input %j is refused in a sentence', async (inputs, words) => {
    await using hub = await startGitHub()
    const at = await home()
    at.spec(USER)
    const ended = await runAction(at, hub, { inputs })
    expect(ended.code).toBe(1)
    expect(ended.log).toMatch(new RegExp(`^::error::.*${words}`, 'm'))
    expect(ended.log).not.toContain('    at ') // no stack
    expect(at.emulator.requests()).toEqual([])
  })
})

test('a problem is shown at its line, from the root of the repository', async () => {
  await using hub = await startGitHub()
  const at = await home()
  at.file('mail/mailconfig.yaml', 'version: 1\nsmtpUser: []\n')
  const ended = await runAction(at, hub, { inputs: { command: 'validate', 'working-directory': 'mail' } })
  expect(ended.code).toBe(1)
  expect(ended.log).toMatch(/^::error file=mail\/mailconfig.yaml,line=2,col=1,title=UNKNOWN_FIELD::[^\n]*%0A/m)
  expect(hub.calls).toEqual([])
})

test('an old Node is refused before anything runs', async () => {
  const { checkNode } = await import(join(process.cwd(), 'action/command.mjs'))
  for (const version of ['v20.19.0', 'v20.20.2', 'v22.0.0', 'v24.1.0']) checkNode(version)
  for (const version of ['v18.20.0', 'v20.18.3']) expect(() => checkNode(version)).toThrow('20.19')
})

test('nothing secret is in the log, the summary, the outputs or the comment', async () => {
  await using hub = await startGitHub()
  const at = await home()
  at.spec(
    `${USER}webhooks:\n  - url: https://h.example.com/\n    events: [bounce]\n    auth: { type: bearer, value: hook-token-5 }\n`,
  )
  const ended = await runAction(at, hub, { inputs: { 'plan-file': 'plan.json' } })
  const all = [ended.log, ended.summary, JSON.stringify(ended.outputs), ...bodies(hub), at.text('plan.json')].join('\n')
  for (const secret of [STRONG, 'hook-token-5', at.emulator.apiKey, 'job-token']) expect(all).not.toContain(secret)
})
