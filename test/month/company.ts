import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Emulator } from '../../src/apis/emulator.ts'
import { isRecord } from '../../src/model/json.ts'
import { home, type Ran, type Running, scopeOf, writes } from '../cli/harness.ts'

type Env = Readonly<Record<string, string>>

/** What may write to an account; every other command is watched for not doing it. */
const WRITES = /^(apply|rollback|rotate|destroy)\b/

/** The passwords and keys of a company, as its CI keeps them. */
export const SECRETS = {
  BILLING_APP_PASSWORD: 'Quittung-&-Beleg.7(a)',
  NEWS_APP_PASSWORD: 'Depesche$1"\\d+[x]9',
  SHIPPING_APP_PASSWORD: "Packzettel '<b>' 42",
  PRIMARY_PASSWORD: 'Relais{44}|^Strom',
}

/**
 * A company that keeps its mail settings in Git: a bare repository, Ada's clone of it, jobs of a CI that begin with a
 * clone each, a ledger on a disk that the jobs share, a vault, and an account that people click in.
 */
export interface Company {
  readonly emulator: Emulator
  /** The secrets of the CI, from now on. */
  readonly secrets: Record<string, string>
  /** The day of the month, for commits and for the service. */
  readonly day: (date: number) => void
  /** Ada makes a branch from main, changes the spec there or takes the file that she has, and pushes it. */
  readonly branch: (name: string, change?: (spec: string) => string) => void
  /** A branch is reviewed and merged into main; answers the commit. */
  readonly merge: (name: string) => string
  /** The merge of a branch is taken back on main. */
  readonly revert: (commit: string) => string
  readonly spec: () => string
  /** The commits of main. */
  readonly commits: () => readonly string[]
  /** Ada at her desk. */
  readonly ada: (args: string, env?: Env) => Promise<Ran>
  /** A job for a push to main, which is protected. */
  readonly main: (args: string, env?: Env) => Promise<Ran>
  /** A job for the pull request of a branch. */
  readonly pull: (branch: string, args: string) => Promise<Ran>
  /** A job on main that is still at work; with `counted` its writes are taken into account. */
  readonly begin: (args: string) => Running
  readonly counted: <T>(work: () => Promise<T>) => Promise<T>
  /** Somebody clicks in the console. */
  readonly click: (path: string, body: Readonly<Record<string, unknown>>) => Promise<void>
  /** The objects of a kind as the service has them. */
  readonly live: (name: string) => readonly Readonly<Record<string, unknown>>[]
  readonly providers: () => readonly Readonly<Record<string, unknown>>[]
  /** A file that one job leaves for another. */
  readonly artefact: (name: string) => string
  readonly vault: () => readonly string[]
  readonly loseLedger: () => void
  /** What has to be so at the end of each day. */
  readonly evening: () => Promise<void>
}

/** Founds a company over an account that has grown by hand. */
export async function openCompany(seed: unknown): Promise<Company> {
  let date = 1
  const now = () => new Date(Date.UTC(2026, 10, date, 9))
  const at = await home({ seed, now })
  const { emulator } = at
  const vault = mkdtempSync(join(tmpdir(), 'mailconfig-vault-'))
  const folder = (name: string) => join(at.dir, name)
  const secrets: Record<string, string> = { ...SECRETS }
  const seen = new Set([...Object.values(SECRETS), emulator.apiKey, emulator.token])
  const outputs: string[] = []
  let expected = 0
  let jobs = 0

  const git = (cwd: string, ...args: readonly string[]): string => {
    const when = now().toISOString()
    const who = { GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.com', GIT_AUTHOR_DATE: when }
    const committer = { GIT_COMMITTER_NAME: 'Ada', GIT_COMMITTER_EMAIL: 'ada@example.com', GIT_COMMITTER_DATE: when }
    const env = { PATH: process.env['PATH'], HOME: at.dir, GIT_CONFIG_NOSYSTEM: '1', ...who, ...committer }
    return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  }
  git(at.dir, 'init', '-q', '--bare', '-b', 'main', 'origin.git')
  git(at.dir, 'clone', '-q', 'origin.git', 'ada')
  git(folder('ada'), 'checkout', '-q', '-b', 'main')
  git(folder('ada'), 'commit', '-q', '--allow-empty', '-m', 'Begin')
  git(folder('ada'), 'push', '-q', 'origin', 'main')
  mkdirSync(folder('artefacts'))

  const account = () => ({
    SMTP2GO_URL: emulator.smtp2go,
    SMTP2GO_API_KEY: emulator.apiKey,
    BACKOFFICE_URL: emulator.backoffice,
    BACKOFFICE_TOKEN: emulator.token,
    MAILCONFIG_LEDGER: join(folder('shared'), 'ledger.json'),
    VAULT: vault,
    ...secrets,
  })
  const counted = async <T>(work: () => Promise<T>): Promise<T> => {
    const before = writes(emulator).length
    const result = await work()
    expected += writes(emulator).length - before
    return result
  }
  const run = async (args: string, cwd: string, env: Env): Promise<Ran> => {
    for (const secret of Object.values(secrets)) seen.add(secret)
    const before = writes(emulator)
    const ran = await at.run(args, { cwd, env: { ...account(), ...env } })
    const wrote = writes(emulator).slice(before.length)
    if (WRITES.test(args)) expected += wrote.length
    else expect(wrote, `writes of ${args}`).toEqual([])
    outputs.push(ran.stdout, ran.stderr)
    return ran
  }
  /** What GitHub tells a job. */
  const job = (branch: string, event: Env) => {
    const cwd = folder(`jobs/${++jobs}`)
    git(at.dir, 'clone', '-q', '--branch', branch, 'origin.git', cwd)
    const GITHUB_SHA = git(cwd, 'rev-parse', 'HEAD').trim()
    const page = { GITHUB_SERVER_URL: 'https://github.example', GITHUB_REPOSITORY: 'us/mail', GITHUB_RUN_ID: `${jobs}` }
    return { cwd, env: { GITHUB_ACTIONS: 'true', GITHUB_ACTOR: 'ada', GITHUB_SHA, ...page, ...event } }
  }
  const ofMain = () => job('main', { GITHUB_EVENT_NAME: 'push', GITHUB_REF_NAME: 'main', GITHUB_REF_PROTECTED: 'true' })
  const specFile = join(folder('ada'), 'mailconfig.yaml')
  const head = () => git(folder('ada'), 'rev-parse', 'HEAD').trim()

  const company: Company = {
    emulator,
    secrets,
    day: (next) => {
      date = next
    },
    branch: (name, change) => {
      git(folder('ada'), 'checkout', '-q', '-b', name, 'main')
      if (change !== undefined) writeFileSync(specFile, change(readFileSync(specFile, 'utf8')))
      git(folder('ada'), 'add', '--', 'mailconfig.yaml')
      git(folder('ada'), 'commit', '-q', '-m', name)
      git(folder('ada'), 'push', '-q', 'origin', name)
      git(folder('ada'), 'checkout', '-q', 'main')
    },
    merge: (name) => {
      git(folder('ada'), 'merge', '-q', '--no-ff', '-m', `Merge ${name}`, name)
      git(folder('ada'), 'push', '-q', 'origin', 'main')
      return head()
    },
    revert: (commit) => {
      git(folder('ada'), 'revert', '--no-edit', '-m', '1', commit)
      git(folder('ada'), 'push', '-q', 'origin', 'main')
      return head()
    },
    spec: () => readFileSync(specFile, 'utf8'),
    commits: () => git(folder('ada'), 'log', '--format=%H', 'main').trim().split('\n'),
    ada: (args, env = {}) => run(args, folder('ada'), env),
    main: (args, env = {}) => {
      const { cwd, env: told } = ofMain()
      return run(args, cwd, { ...told, ...env })
    },
    pull: (branch, args) => {
      const { cwd, env } = job(branch, { GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF_NAME: '7/merge' })
      return run(args, cwd, env)
    },
    begin: (args) => {
      const { cwd, env } = ofMain()
      const running = at.start(args, { cwd, env: { ...account(), ...env } })
      void running.ended.then(({ stdout, stderr }) => outputs.push(stdout, stderr))
      return running
    },
    counted,
    click: async (path, body) => {
      const isOffice = path.startsWith('/api/')
      const answer = await fetch(`${isOffice ? emulator.backoffice : emulator.smtp2go}${path}`, {
        method: isOffice || path.endsWith('/edit') ? 'PATCH' : 'POST',
        headers: {
          'content-type': 'application/json',
          ...(isOffice ? { authorization: `Bearer ${emulator.token}` } : { 'x-smtp2go-api-key': emulator.apiKey }),
        },
        body: JSON.stringify(body),
      })
      expect(answer.ok, await answer.text()).toBe(true)
      expected += 1
    },
    live: (name) => scopeOf(emulator)[name] ?? [],
    providers: () => {
      const state = emulator.state()
      const office = isRecord(state) && isRecord(state['backoffice']) ? state['backoffice']['providers'] : []
      return Array.isArray(office) ? office : []
    },
    artefact: (name) => join(folder('artefacts'), name),
    vault: () => readdirSync(vault).map((name) => readFileSync(join(vault, name), 'utf8').trim()),
    loseLedger: () => rmSync(join(folder('shared'), 'ledger.json')),
    evening: async () => {
      expect(writes(emulator), 'writes outside applies').toHaveLength(expected)
      const asks = ['plan --detailed-exitcode', 'plan --detailed-exitcode --ledger none', 'drift']
      const answers = await Promise.all(asks.map((args) => company.main(args)))
      const nothing = (text: string) => ({ code: 0, stdout: expect.stringContaining(text) })
      expect(answers, 'the state is what Git says').toMatchObject([
        nothing('Nothing to do.'),
        nothing('Nothing to do.'),
        nothing('No drift.'),
      ])
      const text = [...outputs, at.everything(), git(folder('ada'), 'log', '-p', '--all')].join('\n')
      for (const secret of [...seen, ...company.vault()])
        for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
          expect(text.includes(form), 'a secret is in an output or a file').toBe(false)
    },
  }
  return company
}
