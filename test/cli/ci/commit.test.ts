import { execFileSync } from 'node:child_process'
import { afterEach, expect, test } from 'vitest'
import { closeHomes, type Home, home } from '../harness.ts'
import { runsOf } from '../remembering.ts'

afterEach(closeHomes)

const git = (at: Home, ...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
    cwd: at.dir,
    encoding: 'utf8',
  }).trim()

test('history marks an apply of files that were not committed', async () => {
  const at = await home()
  at.spec('suppressions: [a@example.org]\n')
  git(at, 'init', '-q')
  git(at, 'add', 'mailconfig.yaml')
  git(at, 'commit', '-q', '-m', 'Begin')
  const commit = git(at, 'rev-parse', 'HEAD')
  await at.run('apply --auto-approve')
  at.spec('suppressions: [a@example.org, b@example.org]\n')
  await at.run('apply --auto-approve')
  expect((await runsOf(at)).map((run) => (run as { commit?: string }).commit)).toEqual([`${commit}+`, commit])
  const { stdout } = await at.run('history')
  expect(stdout).toContain(`${commit.slice(0, 7)}+ `)
})

test('a rollback keeps what was there at that run, although somebody deleted it and a later run made it again', async () => {
  const at = await home()
  const hook = (name: string, events: string) => `  - { url: https://${name}.example.com/mail, events: [${events}] }\n`
  at.spec(`webhooks:\n${hook('a', 'bounce')}${hook('b', 'bounce')}`)
  await at.run('apply --auto-approve')
  const [first] = await runsOf(at)
  const state = at.emulator.state() as {
    smtp2go: { scopes: { '': { webhooks: { url: string; events: string[] }[] } } }
  }
  const scope = state.smtp2go.scopes['']
  scope.webhooks = scope.webhooks.filter(({ url }) => !url.includes('//b.'))
  at.emulator.setState(state)
  at.spec(`webhooks:\n${hook('a', 'bounce')}${hook('b', 'spam')}${hook('c', 'open')}`)
  await at.run('apply --auto-approve')
  expect((await at.run(`rollback --to ${first?.id} --auto-approve`)).code).toBe(0)
  const left = (at.emulator.state() as typeof state).smtp2go.scopes[''].webhooks.map(({ url, events }) => [
    url,
    ...events,
  ])
  expect(left).toEqual([
    ['https://a.example.com/mail', 'bounce'],
    ['https://b.example.com/mail', 'bounce'],
  ])
})
