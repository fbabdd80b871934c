import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, type Home, home, STRONG, scopeOf, state, writes } from '../cli/harness.ts'
import { runAction } from './action.ts'
import { type GitHubServer, type Issue, startGitHub } from './github-server.ts'

const NIGHT = { name: 'schedule', payload: {} }
const MARKER = '<!-- mailconfig:mailconfig -->'
const INPUTS = { command: 'drift', 'drift-issue': 'true', 'fail-on-drift': 'false' }

afterEach(closeHomes)

/** An account that is as its spec says and as the ledger remembers. */
async function settled(): Promise<Home> {
  const at = await home()
  at.spec(`smtpUsers:\n  - username: billing\n    password: ${STRONG}\n    description: Invoices\n`)
  expect(await at.run('apply --auto-approve')).toMatchObject({ code: 0 })
  at.emulator.clearRequests()
  return at
}

/** Somebody clicks in the console. */
function click(at: Home, description: string): void {
  const [user = {}] = scopeOf(at.emulator)['smtpUsers'] ?? []
  at.emulator.setState(state({ smtpUsers: [{ ...user, description }] }))
}

const night = (at: Home, hub: GitHubServer, more: Readonly<Record<string, string>> = {}) =>
  runAction(at, hub, { event: NIGHT, inputs: { ...INPUTS, ...more } })
const opened = (hub: GitHubServer): Issue[] => hub.issues.filter(({ number }) => number !== 7)

describe('the issue about drift', () => {
  test('is opened once, changed in place, and closed when the drift is gone', async () => {
    await using hub = await startGitHub()
    const at = await settled()
    expect(await night(at, hub)).toMatchObject({ code: 0, outputs: { 'has-changes': 'false', changes: '0' } })
    expect(opened(hub)).toEqual([])

    click(at, 'By hand')
    expect(await night(at, hub)).toMatchObject({
      code: 0,
      outputs: { 'has-changes': 'true', changes: '1', 'exit-code': '2', url: expect.stringContaining('/issues/') },
    })
    click(at, 'By hand, again')
    await night(at, hub)
    expect(opened(hub)).toMatchObject([
      {
        state: 'open',
        title: 'E-mail configuration drifted: mailconfig',
        labels: [{ name: 'mailconfig-drift' }],
        body: expect.stringMatching(new RegExp(`^${MARKER}\n[\\s\\S]*By hand, again`)),
        comments: [],
      },
    ])

    click(at, 'Invoices')
    await night(at, hub)
    expect(opened(hub)).toMatchObject([{ state: 'closed', comments: [{ body: expect.stringContaining('gone') }] }])
    await night(at, hub)
    expect(opened(hub)[0]?.comments).toHaveLength(1)

    click(at, 'By hand')
    await night(at, hub)
    expect(opened(hub).map((issue) => issue.state)).toEqual(['closed', 'open'])
    expect(writes(at.emulator)).toEqual([])
  })

  test('waits for as many runs in a row as it is told', async () => {
    await using hub = await startGitHub()
    const at = await settled()
    const count = async () => {
      expect(await night(at, hub, { threshold: '3' })).toMatchObject({ code: 0 })
      return opened(hub).length
    }
    click(at, 'By hand')
    expect([await count(), await count()]).toEqual([0, 0])
    click(at, 'Invoices')
    expect(await count()).toBe(0)
    click(at, 'By hand')
    expect([await count(), await count(), await count()]).toEqual([0, 0, 1])
  })

  test('of somebody else, of another target, and a pull request are left alone', async () => {
    await using hub = await startGitHub()
    const at = await settled()
    const labels = [{ name: 'mailconfig-drift' }]
    hub.addIssue({ number: 30, body: `${MARKER}\nmine`, labels: [...labels] })
    hub.addIssue({
      number: 31,
      body: '<!-- mailconfig:other -->\n',
      labels: [...labels],
      user: { login: 'github-actions[bot]' },
    })
    hub.addIssue({
      number: 32,
      body: MARKER,
      labels: [...labels],
      user: { login: 'github-actions[bot]' },
      pull_request: {},
    })
    click(at, 'By hand')
    await night(at, hub)
    expect(opened(hub).map(({ number, state: is }) => [number, is])).toEqual([
      [30, 'open'],
      [31, 'open'],
      [32, 'open'],
      [expect.any(Number), 'open'],
    ])
    click(at, 'Invoices')
    await night(at, hub)
    expect(opened(hub).map((issue) => issue.state)).toEqual(['open', 'open', 'open', 'closed'])
  })

  test('needs the right to write issues, and to label them', async () => {
    await using hub = await startGitHub()
    const at = await settled()
    click(at, 'By hand')
    hub.tokens.set('reader', { login: 'github-actions[bot]', pulls: true })
    const refused = await night(at, hub, { 'github-token': 'reader' })
    expect(refused.code).toBe(1)
    expect(refused.log).toMatch(/^::error::.*add "issues: write"/m)
    hub.tokens.set('nolabel', { login: 'github-actions[bot]', issues: true, dropsLabels: true })
    expect(await night(at, hub, { 'github-token': 'nolabel' })).toMatchObject({ code: 1 })
  })

  test('is not written by a check that failed, and what failed is no drift', async () => {
    await using hub = await startGitHub()
    const at = await settled()
    click(at, 'By hand')
    await night(at, hub)
    at.emulator.faults([{ match: { path: '/v3/users/smtp/view' }, fault: 'status', status: 403 }])
    expect(await night(at, hub)).toMatchObject({ code: 1, outputs: { 'has-changes': 'false' } })
    expect(opened(hub)).toMatchObject([{ state: 'open', comments: [] }])
  })

  test('has a hostile name in it as text, and stays within what GitHub takes', async () => {
    await using hub = await startGitHub()
    const at = await settled()
    click(at, `${'<img src=x> @everyone | ::error::x '.repeat(30)}`)
    await night(at, hub)
    expect(opened(hub)[0]?.body).not.toMatch(/<img|[^&#\d;]@everyone/)
  })
})

test('drift fails the job unless it is told not to, and then says so with 2', async () => {
  await using hub = await startGitHub()
  const at = await settled()
  click(at, 'By hand')
  expect(await night(at, hub, { 'drift-issue': 'false', 'fail-on-drift': 'true' })).toMatchObject({ code: 2 })
  expect(hub.calls).toEqual([])
})
