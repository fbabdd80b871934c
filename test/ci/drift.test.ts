import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { closeHomes, type Home, home, STRONG, scopeOf, state, writes } from '../cli/harness.ts'
import { runAction } from './action.ts'
import { type GitHubServer, type Issue, startGitHub } from './github-server.ts'

const NIGHT = { name: 'schedule', payload: {} }
const MARKER = '<!-- mailconfig:mailconfig -->'
const INPUTS = { command: 'drift', 'drift-issue': 'true', 'fail-on-drift': 'false' }

vi.setConfig({ testTimeout: 120_000 }) // each of them starts several programs, one after the other
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

/** The HTML that GitHub would see in a text: what stands in code is none. */
function htmlIn(markdown: string): string[] {
  const found: string[] = []
  const visit = (node: Nodes): void => {
    if (node.type === 'html') found.push(node.value.trim())
    if ('children' in node) for (const child of node.children) visit(child)
  }
  visit(fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }))
  return found
}

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

  test('is not written by a check that failed, and what failed is not drift', async () => {
    await using hub = await startGitHub()
    const at = await settled()
    click(at, 'By hand')
    await night(at, hub)
    at.emulator.faults([{ match: { path: '/v3/users/smtp/view' }, fault: 'status', status: 403 }])
    expect(await night(at, hub)).toMatchObject({ code: 1, outputs: { 'has-changes': 'false' } })
    expect(opened(hub)).toMatchObject([{ state: 'open', comments: [] }])
  })

  test('of thousands of objects stays within what GitHub takes, and all are counted', async () => {
    await using hub = await startGitHub()
    const at = await home()
    const names = Array.from({ length: 2000 }, (_, number) => `somebody-with-a-long-name-${number}@example.org`)
    at.spec(`singleSenders:\n${names.map((name) => `  - ${name}\n`).join('')}`)
    const ended = await night(at, hub, { 'fail-on-drift': 'true' })
    expect(ended).toMatchObject({ code: 2, outputs: { changes: '2000' } })
    expect(opened(hub)).toHaveLength(1)
    expect(opened(hub)[0]?.body.length).toBeLessThan(65_536)
    expect(opened(hub)[0]?.body).toContain('https://github.test/acme/mail/actions/runs/4711')
  })

  test('has a hostile name in it as text', async () => {
    await using hub = await startGitHub()
    const at = await settled()
    click(at, `${'<img src=x> @everyone | ::error::x '.repeat(30)}`)
    await night(at, hub)
    const body = opened(hub)[0]?.body ?? ''
    expect(body).toContain('img src=x')
    expect(htmlIn(body)).toEqual([
      MARKER,
      '<sub>',
      expect.stringMatching(/^<a href="https:\/\/github.test/),
      '</a>',
      '</sub>',
    ])
  })
})

test('drift fails the job unless it is told not to, and then says so with 2', async () => {
  await using hub = await startGitHub()
  const at = await settled()
  click(at, 'By hand')
  expect(await night(at, hub, { 'drift-issue': 'false', 'fail-on-drift': 'true' })).toMatchObject({ code: 2 })
  expect(hub.calls).toEqual([])
})
