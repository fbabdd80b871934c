import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { load, loadAll } from 'js-yaml'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { isRecord } from '../../src/model/json.ts'
import { BIN, closeHomes, type Home, home, type Ran, STRONG, scopeOf, state, writes } from '../cli/harness.ts'
import { startStateServer } from '../ledger/http-server.ts'
import { PUSH, pullRequest, runAction } from './action.ts'
import { blocksOf, yamlBlocks } from './blocks.ts'
import { startGitHub } from './github-server.ts'

/** A strong password, which is what the guides call made-up, too: what the emulator refuses is not their subject. */
const SPEC =
  'smtpUsers:\n  - username: billing\n    password: ${env:BILLING_PASSWORD}\n    rateLimit: { messages: 500, per: 1 hour }\n'
const NIGHT = { name: 'schedule', payload: {} }

vi.setConfig({ testTimeout: 120_000 }) // each of them starts several programs, one after the other
afterEach(closeHomes)

/** A spec as the guides have one: its key and its password come from the environment. */
async function guided(): Promise<Home> {
  const at = await home()
  at.spec(SPEC)
  at.file('mailconfig.yaml', at.text('mailconfig.yaml').replace('${env:KEY}', '${env:SMTP2GO_API_KEY}'))
  return at
}

/** Runs a script as CI services do. */
function bash(script: string, cwd: string, env: Readonly<Record<string, string>>): Promise<Ran> {
  const child = spawn('bash', ['-eo', 'pipefail', '-c', script], { cwd, env: { PATH: process.env['PATH'], ...env } })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    said.stdout += chunk.toString('utf8')
  })
  child.stderr.on('data', (chunk: Buffer) => {
    said.stderr += chunk.toString('utf8')
  })
  return new Promise((done) => child.once('close', (code) => done({ code, ...said })))
}

/** A folder with a command `mailconfig` in it, and others that are given as scripts. */
function commands(at: Home, others: Readonly<Record<string, string>> = {}): string {
  const folder = join(at.dir, '.bin')
  mkdirSync(folder, { recursive: true })
  const all = {
    mailconfig: `exec node ${BIN} "$@"`,
    npx: 'while [ "${1#--}" != "$1" ]; do shift; done; exec "$@"',
    ...others,
  }
  for (const [name, text] of Object.entries(all)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`)
    chmodSync(join(folder, name), 0o755)
  }
  return `${folder}:${process.env['PATH']}`
}

function part(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce(
    (at: unknown, name) => (Array.isArray(at) ? at[Number(name)] : isRecord(at) ? at[name] : undefined),
    value,
  )
}

function texts(value: unknown): Record<string, string> {
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, String(one)])) : {}
}

describe('the workflows for GitHub', () => {
  const [mail, drift, saved, accepted] = yamlBlocks('docs/guides/pull-requests-github.md').map(({ text }) => load(text))

  /** Runs the steps of a job that use the action, with values for the secrets and outputs that they name. */
  async function runJob(
    at: Home,
    workflow: unknown,
    name: string,
    more: { event: typeof PUSH; values?: Readonly<Record<string, string>> },
  ) {
    await using hub = await startGitHub()
    const steps = part(workflow, 'jobs', name, 'steps')
    const uses = (Array.isArray(steps) ? steps : []).filter((step) =>
      String(part(step, 'uses')).startsWith('mailconfig/'),
    )
    expect(uses.length).toBeGreaterThan(0)
    const known: Readonly<Record<string, string>> = {
      'secrets.SMTP2GO_API_KEY': at.emulator.apiKey,
      'secrets.BILLING_PASSWORD': STRONG,
      ...more.values,
    }
    const filled = (value: unknown) =>
      Object.fromEntries(
        Object.entries(texts(value)).map(([key, text]) => [
          key,
          text.replace(/\$\{\{ ([\w.-]+) \}\}/g, (_, expression: string) => known[expression] ?? `(no ${expression})`),
        ]),
      )
    const runs = []
    for (const step of uses)
      runs.push(
        await runAction(at, hub, {
          event: more.event,
          inputs: filled(part(step, 'with')),
          env: filled(part(step, 'env')),
        }),
      )
    return { runs, comments: hub.issues.flatMap((issue) => issue.comments), issues: hub.issues }
  }

  test('plan a pull request, comment it, and write nothing', async () => {
    const at = await guided()
    const { runs, comments } = await runJob(at, mail, 'plan', { event: pullRequest() })
    expect(runs.map(({ code }) => code)).toEqual([0, 0])
    expect(comments).toHaveLength(1)
    expect(writes(at.emulator)).toEqual([])
  })

  test('plan a fork on the account that the guide says how to record', async () => {
    const at = await guided()
    at.file('.github/keep', '')
    const page = readFileSync('docs/guides/pull-requests-github.md', 'utf8')
    const [, command = ''] = /`mailconfig (export --format emulator [^`]*)`/.exec(page) ?? []
    expect(
      await at.run(command, { env: { SMTP2GO_API_KEY: at.emulator.apiKey, BILLING_PASSWORD: STRONG } }),
    ).toMatchObject({ code: 0 })
    at.emulator.clearRequests()
    const { runs } = await runJob(at, mail, 'plan-of-a-fork', { event: pullRequest('mallory/mail') })
    expect(runs).toMatchObject([{ code: 0, outputs: { changes: '1' } }])
    expect(at.emulator.requests()).toEqual([])
  })

  test('apply what is merged', async () => {
    const at = await guided()
    const { runs } = await runJob(at, mail, 'apply', { event: PUSH })
    expect(runs).toMatchObject([{ code: 0 }])
    expect(scopeOf(at.emulator)['smtpUsers']).toHaveLength(1)
  })

  test('watch for drift', async () => {
    const at = await guided()
    await runJob(at, mail, 'apply', { event: PUSH })
    at.emulator.setState({})
    const night = () => runJob(at, drift, 'drift', { event: NIGHT })
    expect((await night()).issues).toHaveLength(1) // the pull request
    const second = await night()
    expect(second.runs).toMatchObject([{ code: 0, outputs: { 'exit-code': '2' } }])
    expect(second.issues).toHaveLength(2)
  })

  test('apply exactly the plan that was saved', async () => {
    const at = await guided()
    const planned = await runJob(at, saved, 'plan', { event: PUSH })
    const hash = planned.runs[0]?.outputs['hash'] ?? ''
    const values = { 'needs.plan.outputs.hash': hash }
    expect((await runJob(at, saved, 'apply', { event: PUSH, values })).runs).toMatchObject([{ code: 0 }])
    expect(scopeOf(at.emulator)['smtpUsers']).toHaveLength(1)
  })

  test('open a gate', async () => {
    const at = await guided()
    const names = Array.from({ length: 12 }, (_, number) => `user-${number}`)
    at.emulator.setState(state({ smtpUsers: names.map((username) => ({ username, email_password: STRONG })) }))
    const entries = names.map((name) => `  - { username: ${name}, state: absent }\n`).join('')
    at.file('mailconfig.yaml', at.text('mailconfig.yaml').replace(/smtpUsers:[\s\S]*$/, `smtpUsers:\n${entries}`))
    const event = { name: 'workflow_dispatch', payload: PUSH.payload }
    const give = async (accept: string) => {
      const { runs } = await runJob(at, accepted, 'apply', { event, values: { 'inputs.accept': accept } })
      return { code: runs[0]?.code, log: runs[0]?.log ?? '' }
    }
    const refused = await give('G1:0000')
    expect(refused.code).toBe(3)
    const tokens = new Set([...refused.log.matchAll(/--accept (G\d+:[0-9a-f]{4})/g)].map(([, token = '']) => token))
    expect(await give([...tokens].join('\n'))).toMatchObject({ code: 0 })
    expect(scopeOf(at.emulator)['smtpUsers']).toEqual([])
  })
})

describe('the jobs for GitLab', () => {
  const [pipeline = { text: '', place: '' }] = yamlBlocks('docs/guides/pull-requests-gitlab.md')

  /** What GitLab makes of the file and its include, by a program that knows its rules and its schema. */
  function expanded(at: Home, text: string): unknown {
    at.file('.gitlab-ci.yml', text)
    mkdirSync(join(at.dir, 'ci'), { recursive: true })
    cpSync('integrations/gitlab.yml', join(at.dir, 'ci/mailconfig.yml'))
    const git = (...args: readonly string[]) => spawnSync('git', args, { cwd: at.dir })
    git('init', '-q', '-b', 'main')
    git('remote', 'add', 'origin', 'git@gitlab.example.com:acme/mail.git')
    git('add', '.gitlab-ci.yml', 'ci')
    git('-c', 'user.name=a', '-c', 'user.email=a@example.org', 'commit', '-qm', 'a')
    const program = resolve('node_modules/gitlab-ci-local/src/index.js')
    const { stdout, stderr, status } = spawnSync(process.execPath, [program, '--preview'], {
      cwd: at.dir,
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(stdout + stderr)
    return load(stdout)
  }

  /** Runs a job as a runner does: before_script and script in one shell, the variables of the job in its environment. */
  async function runJob(at: Home, jobs: unknown, name: string, env: Readonly<Record<string, string>>): Promise<Ran> {
    const given = {
      ...texts(part(jobs, 'variables')),
      CI_PROJECT_DIR: at.dir,
      CI_PROJECT_ID: '42',
      CI_JOB_URL: 'https://gitlab.example.com/acme/mail/-/jobs/1',
      HOME: at.dir,
      MAILCONFIG_BIN: join(at.dir, '.bin/mailconfig'),
      ...env,
    }
    const inner = Object.fromEntries(
      Object.entries(texts(part(jobs, name, 'variables'))).map(([key, text]): [string, string] => [
        key,
        text.replace(
          /\$(\w+)/g,
          (whole, variable: string) => Object.entries(given).find(([one]) => one === variable)?.[1] ?? whole,
        ),
      ]),
    )
    const lines = [part(jobs, name, 'before_script'), part(jobs, name, 'script')].flat().map(String)
    return await bash(lines.join('\n'), at.dir, { ...inner, ...given })
  }

  test('fit the schema of GitLab, and what does not is found', async () => {
    const at = await guided()
    const jobs = expanded(at, pipeline.text)
    expect(part(jobs, 'mail-apply', 'resource_group')).toBe('mailconfig-$MAILCONFIG_STATE')
    expect(part(jobs, 'mail-plan', 'artifacts', 'reports', 'terraform')).toBe('mailconfig-report/counts.json')
    expect(() => expanded(at, pipeline.text.replace('when: manual', 'wenn: manual'))).toThrow('wenn')
  })

  test('validate, plan, apply exactly that, and see drift, with the ledger in the state of GitLab', async () => {
    const at = await guided()
    commands(at)
    const states = await startStateServer()
    try {
      const jobs = expanded(at, pipeline.text)
      const env = {
        SMTP2GO_API_KEY: at.emulator.apiKey,
        BILLING_PASSWORD: STRONG,
        CI_API_V4_URL: `${states.origin}/api/v4`,
        CI_JOB_TOKEN: states.password,
        MAILCONFIG_LEDGER_USERNAME: states.user,
        GITLAB_CI: 'true',
        CI_COMMIT_BRANCH: 'main',
        CI_DEFAULT_BRANCH: 'main',
      }
      const made = {
        ...env,
        ...texts(part(jobs, 'mail-validate', 'variables')),
        SMTP2GO_API_KEY: 'made-up',
        BILLING_PASSWORD: 'made-up',
      }
      expect(await runJob(at, jobs, 'mail-validate', made)).toMatchObject({ code: 0 })
      expect(at.text('mailconfig-report/validate.xml')).toContain('<testsuites')

      const merge = { ...env, CI_MERGE_REQUEST_IID: '1', CI_COMMIT_BRANCH: 'topic', BILLING_PASSWORD: 'made-up' }
      expect(await runJob(at, jobs, 'mail-plan', merge)).toMatchObject({ code: 0 })
      expect(JSON.parse(at.text('mailconfig-report/counts.json'))).toEqual({ create: 1, update: 0, delete: 0 })
      expect(at.text('mailconfig-report/plan.md')).toContain('smtpUsers/billing')
      rmSync(join(at.dir, 'mailconfig-report'), { recursive: true })

      expect(await runJob(at, jobs, 'mail-plan-main', env)).toMatchObject({ code: 0 })
      expect(await runJob(at, jobs, 'mail-apply', { ...env, CI_MERGE_REQUEST_IID: '1' })).toMatchObject({ code: 3 })
      expect(writes(at.emulator)).toEqual([])
      expect(await runJob(at, jobs, 'mail-apply', env)).toMatchObject({ code: 0 })
      expect(scopeOf(at.emulator)['smtpUsers']).toHaveLength(1)
      expect([...states.states.keys()].some((path) => path.includes('/projects/42/terraform/state/mail'))).toBe(true)

      expect(await runJob(at, jobs, 'mail-drift', env)).toMatchObject({ code: 0 })
      at.emulator.setState({})
      const drifted = await runJob(at, jobs, 'mail-drift', env)
      expect(drifted.code).toBe(2)
      expect(drifted.stdout).toContain('billing')
      for (const secret of [STRONG, at.emulator.apiKey]) expect(drifted.stdout + drifted.stderr).not.toContain(secret)
    } finally {
      await states.close()
    }
  })
})

describe('the workflow for Atlantis', () => {
  const [server, repository] = yamlBlocks('docs/guides/pull-requests-atlantis.md').map(({ text }) => load(text))

  test('is the file of the integrations', () => {
    expect(server).toEqual(load(readFileSync('integrations/atlantis.yaml', 'utf8')))
    expect(part(repository, 'version')).toBe(3)
  })

  test('plans, shows and applies one saved plan', async () => {
    const at = await guided()
    const env = {
      PATH: commands(at),
      SMTP2GO_API_KEY: at.emulator.apiKey,
      BILLING_PASSWORD: STRONG,
      PLANFILE: join(at.dir, 'mail-default.tfplan'),
      SHOWFILE: join(at.dir, 'mail-default.json'),
      ATLANTIS_TERRAFORM_VERSION: '1.9.0',
      BASE_REPO_OWNER: 'acme',
    }
    const run = async (stage: string) => {
      const steps = part(server, 'workflows', 'mailconfig', stage, 'steps')
      const lines = (Array.isArray(steps) ? steps : [])
        .map((step) => part(step, 'run'))
        .filter((line) => line !== undefined)
      expect(lines).toHaveLength(1)
      return await bash(lines.map(String).join('\n'), at.dir, env)
    }
    expect(await run('plan')).toMatchObject({ code: 0, stdout: expect.stringContaining('smtpUsers/billing') })
    expect(existsSync(env.PLANFILE)).toBe(true)
    expect(await run('policy_check')).toMatchObject({ code: 0 })
    expect(JSON.parse(readFileSync(env.SHOWFILE, 'utf8')).summary).toMatchObject({ create: 1 })
    expect(await run('apply')).toMatchObject({ code: 0 })
    expect(scopeOf(at.emulator)['smtpUsers']).toHaveLength(1)
    expect(await run('apply')).toMatchObject({ code: 3 })
  })
})

describe('the hooks for pre-commit', () => {
  const hooks = loadAll(readFileSync('.pre-commit-hooks.yaml', 'utf8')).flat().filter(isRecord)

  test.each(hooks.map((hook) => [String(hook['id']), hook] as const))(
    '%s passes what is right and stops what is wrong',
    async (_, hook) => {
      const at = await guided()
      const env = { PATH: commands(at), SMTP2GO_API_KEY: 'made-up', BILLING_PASSWORD: 'made-up' }
      const files = hook['pass_filenames'] === false ? '' : ' mailconfig.yaml'
      const run = () => bash(`${String(hook['entry'])}${files}`, at.dir, env)
      await at.run('fmt', { env })
      expect(await run()).toMatchObject({ code: 0 })
      at.file('mailconfig.yaml', 'version:   1\nsmtpUser: []\n')
      expect(await run()).toMatchObject({ code: 1 })
      const pattern = new RegExp(String(hook['files']))
      for (const file of ['mailconfig.yaml', 'ops/mailconfig.yml', 'mailconfig/teams/a.yaml'])
        expect(file).toMatch(pattern)
      for (const file of ['README.md', 'mailconfig.md', 'my-mailconfig.yaml']) expect(file).not.toMatch(pattern)
    },
  )
})

describe('the guide to secrets', () => {
  const PAGE = 'docs/guides/secrets.md'
  /** Stand-ins of other people's programs, which take what their manuals say and give what they would. */
  const others = {
    sops: `[ "$1" = exec-env ] && [ -f "$2" ] && set -a && . "./$2" && sh -c "$3"`,
    op: `[ "$1" = run ] && [ "$2" = --env-file=mail.env ] && [ "$3" = -- ] && shift 3 && BILLING_PASSWORD=${STRONG} exec "$@"`,
    vault: `case "$*" in
      "kv get -field=password kv/mail/billing") echo ${STRONG} ;;
      "kv put kv/mail/billing-key value=-") cat > kept.txt ;;
      *) exit 2 ;;
    esac`,
  }

  async function placed(): Promise<{ at: Home; env: Record<string, string> }> {
    const at = await guided()
    at.file('mail.enc.env', `BILLING_PASSWORD=${STRONG}\n`)
    at.file('mail.env', 'BILLING_PASSWORD=op://mail/billing/password\n')
    at.file('run/secrets/billing', `${STRONG}\n`)
    return { at, env: { PATH: commands(at, others), SMTP2GO_API_KEY: at.emulator.apiKey, HOME: at.dir } }
  }

  test.each(blocksOf('sh', PAGE).map(({ place, text }) => [place, text]))('%s runs', async (_, text = '') => {
    const { at, env } = await placed()
    if (text.includes('--allow-exec')) {
      const [, snippet = ''] = yamlBlocks(PAGE).map((block) => block.text)
      at.file('mailconfig.yaml', at.text('mailconfig.yaml').replace(/smtpUsers:[\s\S]*$/, snippet))
    }
    const ran = await bash(text, at.dir, env)
    expect(ran).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(text.includes('validate') ? /^Valid\./ : /1 to create/),
    })
    expect(ran.stdout + ran.stderr).not.toContain(STRONG)
    expect(writes(at.emulator)).toEqual([])
  })

  test('hands a new key to the command that it names', async () => {
    const { at, env } = await placed()
    const snippet = yamlBlocks(PAGE).find(({ text }) => text.includes('saveTo'))?.text ?? ''
    at.file('mailconfig.yaml', at.text('mailconfig.yaml').replace(/smtpUsers:[\s\S]*$/, snippet))
    const ran = await bash('mailconfig apply --auto-approve', at.dir, env)
    expect(ran).toMatchObject({ code: 0 })
    const key = at.text('kept.txt').trim()
    expect(key).toMatch(/^api-\w{32}$/)
    expect(ran.stdout + ran.stderr).not.toContain(key)
  })

  test('says what a variable in a plain field does: masked if it comes from the environment, shown if it is given', async () => {
    const { at, env } = await placed()
    const spec = (plain: string) =>
      at.spec(`smtpUsers:\n  - { username: billing, password: "\${env:PASSWORD}", description: "${plain}" }\n`)
    const given = { env: { ...env, PASSWORD: STRONG, PLAIN: 'never-shown' } }
    spec('${env:PLAIN}')
    const masked = await at.run('plan', given)
    expect(masked.stdout).toMatch(/description +\(sensitive\)/)
    expect(masked.stdout + masked.stderr).not.toContain('never-shown')
    spec('${var:plain}')
    expect((await at.run('plan --var plain=shown-as-it-is', given)).stdout).toContain('"shown-as-it-is"')
  })
})
