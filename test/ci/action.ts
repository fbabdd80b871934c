import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { load } from 'js-yaml'
import { isRecord } from '../../src/model/json.ts'
import { BIN, type Home } from '../cli/harness.ts'
import type { GitHubServer } from './github-server.ts'

/** How a run of the action ended, with what it gave to the runner. */
export interface ActionRun {
  readonly code: number | null
  readonly log: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
}

/** What a job is run with. */
export interface Job {
  readonly inputs?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  /** The event of a pull request number 7, unless something else is said. */
  readonly event?: { readonly name: string; readonly payload: object }
  /** Told when the action's process runs. */
  readonly onStart?: (child: ChildProcess) => void
}

/** The event of pull request 7 of acme/mail, from a branch of another repository if one is named. */
export function pullRequest(from = 'acme/mail', name = 'pull_request'): NonNullable<Job['event']> {
  const head = { sha: 'c0ffee0123456789', repo: { full_name: from } }
  const base = { repo: { full_name: 'acme/mail' } }
  return { name, payload: { number: 7, pull_request: { number: 7, head, base } } }
}

/** A push to a protected main. */
export const PUSH: NonNullable<Job['event']> = { name: 'push', payload: { repository: { default_branch: 'main' } } }

const manifest = load(readFileSync('action.yml', 'utf8'))

/** The part of the manifest with these names. */
function part(...path: readonly string[]): Record<string, unknown> {
  let at: unknown = manifest
  for (const name of path) at = isRecord(at) ? at[name] : undefined
  return isRecord(at) ? { ...at } : {}
}

/** The step that runs the script, as the manifest has it. */
function theStep(): { run: string; env: Record<string, unknown> } {
  const steps = part('runs')['steps']
  const found: unknown = Array.isArray(steps) ? steps.find((one) => isRecord(one) && one['id'] === 'mailconfig') : {}
  if (!isRecord(found) || !isRecord(found['env'])) throw new Error('action.yml has no step "mailconfig"')
  return { run: String(found['run']), env: { ...found['env'] } }
}

/** Runs the step of `action.yml` as a runner does: its text in bash, its inputs in the environment. */
export async function runAction(at: Home, hub: GitHubServer, job: Job = {}): Promise<ActionRun> {
  const { inputs = {}, env = {}, event = pullRequest() } = job
  const temp = join(at.dir, '.runner')
  mkdirSync(temp, { recursive: true })
  const files = Object.fromEntries(
    ['output', 'summary', 'event.json', 'step.sh'].map((name) => [name, join(temp, name)]),
  )
  const { output = '', summary = '', 'event.json': eventFile = '', 'step.sh': script = '' } = files
  for (const file of [output, summary]) writeFileSync(file, '')
  writeFileSync(eventFile, JSON.stringify(event.payload))
  const step = theStep()
  writeFileSync(script, step.run)
  const child = spawn('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', script], {
    cwd: at.dir,
    env: {
      PATH: process.env['PATH'],
      HOME: temp,
      KEY: at.emulator.apiKey,
      TOKEN: at.emulator.token,
      GITHUB_ACTIONS: 'true',
      CI: 'true',
      GITHUB_ACTION_PATH: resolve('.'),
      GITHUB_WORKSPACE: at.dir,
      GITHUB_REPOSITORY: 'acme/mail',
      GITHUB_RUN_ID: '4711',
      GITHUB_SERVER_URL: 'https://github.test',
      GITHUB_API_URL: hub.url,
      GITHUB_GRAPHQL_URL: `${hub.url}/graphql`,
      GITHUB_EVENT_NAME: event.name,
      GITHUB_EVENT_PATH: eventFile,
      GITHUB_REF_TYPE: 'branch',
      GITHUB_REF_NAME: event.name.startsWith('pull_request') ? '7/merge' : 'main',
      GITHUB_REF_PROTECTED: String(!event.name.startsWith('pull_request')),
      GITHUB_SHA: 'c0ffee0123456789',
      GITHUB_ACTOR: 'ada',
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      RUNNER_TEMP: temp,
      ...stepEnvironment(step.env, { 'mailconfig-path': BIN, 'github-token': 'job-token', ...inputs }),
      ...env,
    },
  })
  job.onStart?.(child)
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8')
    })
  const code = await new Promise<number | null>((done) => child.once('close', done))
  const ended = { code, log, outputs: outputsOf(readFileSync(output, 'utf8')), summary: readFileSync(summary, 'utf8') }
  for (const file of Object.values(files)) if (existsSync(file)) rmSync(file)
  return ended
}

/** `${{ inputs.x }}` of the step's `env:`, with the defaults of the manifest; GitHub's own expressions are empty. */
function stepEnvironment(
  env: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const known = part('inputs')
  const strange = Object.keys(given).filter((name) => !(name in known))
  if (strange.length > 0) throw new Error(`action.yml has no input ${strange.join(', ')}`)
  const value = (name: string): string => {
    const usual = part('inputs', name)['default']
    return given[name] ?? (typeof usual === 'string' && !usual.startsWith('${{') ? usual : '')
  }
  return Object.fromEntries(
    Object.entries(env).map(([name, text]) => [
      name,
      String(text).replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, input: string) => value(input)),
    ]),
  )
}

/** The outputs that a step wrote, in the form with a line that ends each of them. */
function outputsOf(text: string): Record<string, string> {
  const found = text.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n\2\n/gm)
  return Object.fromEntries([...found].map(([, name = '', , value = '']) => [name, value]))
}
