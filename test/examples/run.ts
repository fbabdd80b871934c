import { execFile, spawn } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { parseEnv } from 'node:util'

/** The built command; `npm test` builds it first. */
export const BIN = resolve('dist/bin.js')

/** How a command ended. */
export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A call in the emulator's log. */
export interface LoggedCall {
  readonly method: string
  readonly path: string
  readonly body: unknown
  readonly status: number | null
  readonly writes: boolean
}

/** An emulator in a process of its own. */
export interface EmulatorProcess extends AsyncDisposable {
  readonly smtp2go: string
  readonly backoffice: string
  readonly apiKey: string
  readonly token: string
  readonly calls: () => Promise<readonly LoggedCall[]>
  readonly forget: () => Promise<void>
}

/** Runs the command in a folder; variables that go first come on top of the example's. */
export type Run = (...args: readonly (string | Readonly<Record<string, string>>)[]) => Promise<Ended>

/** A folder of its own with a spec in it. */
export interface Workplace extends AsyncDisposable {
  readonly folder: string
  readonly run: Run
}

/** Runs the built command. */
export function mailconfig(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((done) => {
    execFile(process.execPath, [BIN, ...args], { cwd, env, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      done({ code, stdout, stderr })
    })
  })
}

/** Starts `mailconfig emulator` and waits for its line. */
export async function startProcess(...args: readonly string[]): Promise<EmulatorProcess> {
  const child = spawn(process.execPath, [BIN, 'emulator', ...args], { stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  const line = await new Promise<string>((done, fail) => {
    createInterface({ input: child.stdout }).once('line', done)
    child.once('exit', (code) => fail(new Error(`the emulator ended with ${code}`)))
  })
  const said: { smtp2go: string; backoffice: string; apiKey: string; token: string } = JSON.parse(line)
  const control = (method: string) => fetch(`${said.backoffice}/__emulator/requests`, { method })
  return {
    ...said,
    calls: async () => {
      const answer: unknown = await (await control('GET')).json()
      return Array.isArray(answer) ? answer : []
    },
    forget: async () => {
      await control('DELETE')
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** A copy of an example whose accounts are the emulator's, with its fake values in the environment. */
export async function openExample(
  name: string,
  emulator: Pick<EmulatorProcess, 'smtp2go' | 'backoffice' | 'apiKey' | 'token'>,
): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'mailconfig-example-'))
  await cp(join('examples', name), folder, { recursive: true })
  for (const entry of await readdir(folder, { recursive: true })) {
    if (!entry.endsWith('.yaml')) continue
    const path = join(folder, entry)
    await writeFile(path, redirected(await readFile(path, 'utf8'), emulator))
  }
  const env = {
    PATH: process.env['PATH'],
    ...parseEnv(await readFile(join(folder, '.env.example'), 'utf8')),
    SMTP2GO_API_KEY: emulator.apiKey,
    BACKOFFICE_TOKEN: emulator.token,
  }
  return {
    folder,
    run: (...given) => {
      const args = given.filter((one) => typeof one === 'string')
      const more = given.filter((one) => typeof one !== 'string')
      return mailconfig(args, folder, Object.assign({}, env, ...more))
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

/** The same spec with its accounts at the emulator: `region:` and `url:` lines are replaced, nothing else. */
export function redirected(text: string, { smtp2go, backoffice }: { smtp2go: string; backoffice: string }): string {
  return text
    .replace(/^( {4})region: \w+$/gm, (_, indent: string) => `${indent}url: ${smtp2go}`)
    .replace(/^( {4})url: https:\/\/backoffice\.example\.com$/gm, (_, indent: string) => `${indent}url: ${backoffice}`)
}
