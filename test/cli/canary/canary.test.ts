import { afterEach, describe, expect, test } from 'vitest'
import { REPORT_FORMATS } from '../../../src/cli/options/report-request.ts'
import { closeHomes, home } from '../harness.ts'
import { ECHOES } from './echo-server.ts'
import { type Planted, VARIANTS } from './shapes.ts'
import { openWorld, secretFields, specOf, type World } from './world.ts'

const opened: World[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one[Symbol.asyncDispose]()))
  await closeHomes()
})

/** What is done in a world: the same in both, and no step looks at a secret. */
interface Story {
  /** The commands that it runs: all of them, and no other. */
  readonly commands: readonly string[]
  readonly tell: (world: World) => Promise<void>
}

/**
 * Tells a story twice, in two worlds that differ in their secrets and in nothing else. Nothing that is said and no file may
 * differ: so a secret of one character is missed as little as a long one.
 */
async function sameForAnySecret({ commands, tell: story }: Story, readback: 'echo' | 'none'): Promise<void> {
  const tell = async (planted: Planted, port?: number) => {
    const world = await openWorld(planted, readback, port)
    opened.push(world)
    await story(world)
    expect(world.leaks()).toEqual([])
    await world[Symbol.asyncDispose]()
    expect([...new Set(world.ran().map((args) => args.split(' ')[0]))].sort()).toEqual([...commands].sort())
    return { said: world.said(), port: Number(new URL(world.front.origin).port) }
  }
  const { said: first, port } = await tell(VARIANTS[0])
  const { said: second } = await tell(VARIANTS[1], port)
  expect(Object.keys(second)).toEqual(Object.keys(first))
  for (const [name, text] of Object.entries(first)) expect(`${name}\n${second[name]}`).toBe(`${name}\n${text}`)
}

const LOUD = '--log-level debug --log-format json'
const reports = (name: string) => REPORT_FORMATS.map((format) => `--report ${format}=${name}.${format}`).join(' ')

/** The stories; together they run every command that there is. */
const STORIES: Readonly<Record<string, Story>> = {
  'looking at an account that holds other secrets': {
    commands: [
      'validate',
      'plan',
      'show',
      'drift',
      'check',
      'simulate',
      'test',
      'send',
      'stats',
      'usage',
      'activity',
      'templates',
      'dns',
      'verify',
      'export',
      'fmt',
      'init',
      'explain',
      'schema',
      'completion',
      'terraform',
    ],
    tell: async ({ run }) => {
      await run(`validate ${reports('validate')} ${LOUD}`, 0)
      await run('plan --all --format json', 0)
      await run(`plan --out saved.json ${reports('plan')} ${LOUD}`, 0)
      await run(`show saved.json ${reports('show')}`, 0)
      for (const format of ['text', 'json']) await run(`drift --format ${format}`, 2)
      await run('check', 0)
      await run(`check --format json ${LOUD}`, 0)
      await run(`simulate --from a@nowhere.example --to b@example.net --user live-json ${LOUD}`, 2)
      await run('test', 1)
      await run(`check --passwords --smtp 127.0.0.1:1 ${LOUD}`, 1)
      await run(`send --from a@nowhere.example --to b@example.net --auto-approve ${LOUD}`, 1)
      for (const format of ['text', 'json', 'csv', 'html']) await run(`stats --by user --format ${format}`, 0)
      for (const format of ['text', 'json', 'openmetrics']) await run(`usage --by subaccount --format ${format}`, 0)
      for (const format of ['text', 'json', 'jsonl', 'csv']) await run(`activity --format ${format} ${LOUD}`, 0)
      await run(`plan --traffic ${LOUD}`, 0)
      await run(`templates render ${LOUD}`, 1) // it has none
      await run(`dns ${LOUD}`, 0)
      await run(`dns --check --resolver 127.0.0.1:9 --timeout 1s ${LOUD}`, 0)
      await run(`verify --resolver 127.0.0.1:9 ${LOUD}`, 0)
      await run(`export ${LOUD}`, 0)
      await run('export --subaccounts -o exported.yaml', 0)
      await run('export --format terraform', 0)
      await run('export --format emulator -o account.json', 0)
      await run('fmt --diff mailconfig.yaml', 0)
      await run('init --force', 0)
      await run('explain smtpUsers.password', 0)
      await run('schema webhooks', 0)
      await run('completion bash', 0)
      await run('terraform install --dir plugins', 0)
    },
  },
  'applying, and going back': {
    commands: ['adopt', 'plan', 'apply', 'drift', 'history', 'export', 'rollback', 'unlock', 'destroy'],
    tell: async ({ at, run }) => {
      await run('adopt --all', 0)
      const accept = gatesIn((await run('plan --out saved.json', 0)).stdout)
      await run(`apply saved.json ${accept} ${reports('apply')} ${LOUD}`, 0)
      await run('apply saved.json', 3)
      await run('plan', 0)
      await run('drift', 0)
      const { runs }: { runs: readonly { id: string }[] } = JSON.parse((await run('history --format json', 0)).stdout)
      await run('history', 0)
      await run(`history ${runs[0]?.id}`, 0)
      await run('export --into mailconfig.yaml --format json', 0)
      await run('rollback --to first', 1)
      await run('unlock --yes', 0)
      await run('destroy --auto-approve', 3, { overNewKey: true })
      const gone = gatesIn((await run('destroy --exclude "apiKeys/*" --out gone.json', 0)).stdout)
      await run(`apply gone.json ${gone} --format json`, 0)
      expect(at.has('secrets/made.key')).toBe(true)
    },
  },
  'rotating secrets, and making new ones': {
    commands: ['rotate', 'suppressions'],
    tell: async ({ at, run }) => {
      await run(`suppressions lift nobody@example.org --auto-approve ${LOUD}`, 1)
      await run(`suppressions import secrets/none.csv ${LOUD}`, 1)
      for (const shape of ['json', 'one', 'lines'])
        await run(`rotate smtpUsers/live-${shape} --auto-approve ${LOUD}`, 0)
      await run('rotate "providers/Live html" --auto-approve --format json', 0)
      const made = 'secrets/made.password'
      await run(`rotate smtpUsers/live-long --generate --save-to file:${made} --auto-approve ${LOUD}`, 0)
      await run(
        'rotate smtpUsers/live-quotes --overlap --twin twin-app --save-to file:secrets/twin.password --auto-approve',
        0,
      )
      await run('rotate --list', 0)
      await run('rotate smtpUsers/live-quotes --abort --auto-approve', 0)
      await run('rotate --list --format json', 0)
      expect(at.has(made)).toBe(true)
    },
  },
  'serving an emulator': {
    commands: ['emulator'],
    tell: async ({ at, keep }) => {
      const running = at.start('emulator')
      const line = new Promise<string>((done) => running.child.stdout?.once('data', (text) => done(String(text))))
      const { smtp2go, apiKey }: { smtp2go: string; apiKey: string } = JSON.parse(await line)
      const secrets = JSON.parse(at.text('secrets/now.json'))
      for (const value of Object.values(secrets))
        await fetch(`${smtp2go}/users/smtp/add`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-smtp2go-api-key': apiKey },
          body: JSON.stringify({ username: 'some-app', email_password: value }),
        })
      for (const path of ['/__emulator/requests', '/__emulator/inbox/messages', '/api/v1/messages'])
        keep('emulator', await (await fetch(new URL(path, smtp2go))).text())
      running.child.kill('SIGTERM')
      keep('emulator ends', (await running.ended).stderr)
    },
  },
}

/** Stories of APIs that repeat what they are sent. */
const refusing = (names: readonly string[], reads: readonly string[]): Story => ({
  commands: ['plan', 'apply', ...(reads.length === 0 ? [] : ['check', 'export'])],
  tell: async ({ front, run }) => {
    const accept = gatesIn((await run('plan', 0)).stdout)
    for (const name of names) {
      front.echo = { calls: 'writes', how: ECHOES[name] ?? unknownEcho }
      await run(`apply --auto-approve ${accept} ${reports(name)} ${LOUD}`, 4)
    }
    for (const name of reads) {
      front.echo = { calls: 'all', how: ECHOES[name] ?? unknownEcho }
      await run(`plan --format json ${reports(`plan-${name}`)} ${LOUD}`, 1)
      await run('check', 1)
      await run('export', name === 'denied' ? 0 : 1) // what the key may not read is left out
    }
  },
})

function unknownEcho(): never {
  throw new Error('there is no such echo')
}

/** The options that open every gate of a plan. */
function gatesIn(plan: string): string {
  return [...new Set(plan.match(/--accept G\d+:\w+/g))].join(' ')
}

describe('what is said, and every file, is the same for any secret', () => {
  test.each(Object.entries(STORIES))('%s', { timeout: 600_000 }, async (_, story) => {
    await sameForAnySecret(story, 'echo')
  })

  test('where APIs repeat what they are sent', { timeout: 600_000 }, async () => {
    await sameForAnySecret(refusing(Object.keys(ECHOES), ['text', 'denied', 'broken']), 'none')
  })

  test('where APIs repeat what they are sent, and what they showed before', { timeout: 600_000 }, async () => {
    await sameForAnySecret(refusing(['text', 'names'], []), 'echo')
  })
})

test('the stories run every command', async () => {
  const { stdout } = await (await home()).run('--help')
  const listed = [...stdout.slice(stdout.indexOf('Commands:')).matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name)
  expect(listed.length).toBeGreaterThan(15)
  const run = Object.values(STORIES).flatMap(({ commands }) => commands)
  expect([...new Set(run), 'help'].sort()).toEqual(listed.sort())
})

test('every secret field of every kind is planted', () => {
  const spec = specOf()
  expect(secretFields().sort()).toEqual([
    'apiKeys.key',
    'providers.password',
    'smtpUsers.password',
    'webhooks.auth.value',
    'webhooks.customHeaders',
  ])
  for (const name of [
    'password: "${env:SECRET_',
    'value: "${env:SECRET_',
    'key: "${env:OBJECT_KEY}"',
    'customHeaders: "${env:SECRET_',
  ])
    expect(spec).toContain(name)
})

test('a crash shows no variable of the environment', async () => {
  const at = await home()
  at.spec('smtpUsers: []\n')
  at.file(
    'crash.mjs',
    'const { stringify } = JSON; JSON.stringify = (...all) => { if (all[0]?.formatVersion) throw new TypeError(`no ${process.env.SOME_SECRET}`); return stringify(...all) }',
  )
  const env = { SOME_SECRET: 'k7-Secret-Of-Nobody', NODE_OPTIONS: '--import ./crash.mjs' }
  for (const more of ['', ' --log-format json']) {
    const { code, stdout, stderr } = await at.spawn(`validate --format json${more}`, { env })
    expect(code).toBe(70)
    expect(stderr).toContain('TypeError: no (sensitive)')
    expect(stdout + stderr).not.toContain(env.SOME_SECRET)
  }
})
