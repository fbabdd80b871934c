import { type ChildProcess, spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { expect } from 'vitest'
import { type Emulator, type EmulatorOptions, type LoggedRequest, startEmulator } from '../../src/apis/emulator.ts'
import { lints } from '../../src/model/lint/lints.ts'
import { runHere } from './run-here.ts'

/** The built command; `npm run build` makes it. */
export const BIN = resolve(process.env['MAILCONFIG_BIN'] ?? 'dist/bin.js')

/** How a command ended, and all that it said. */
export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A command that is running. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ran>
  /** Resolves when standard output or standard error matches. */
  readonly says: (pattern: RegExp) => Promise<void>
}

/** What a command is run with beside its arguments. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  readonly cwd?: string
}

/** A fresh folder with an emulator of both APIs. */
export interface Home extends AsyncDisposable {
  readonly dir: string
  readonly emulator: Emulator
  /** Writes a file of the folder and answers its full path. */
  readonly file: (name: string, text: string) => string
  /** Writes `mailconfig.yaml`: six lines of head with the account `main`, then the given text from line 7. */
  readonly spec: (body: string) => void
  /** The same with a second account, `office`; the given text begins at line 11. */
  readonly both: (body: string) => void
  readonly text: (name: string) => string
  readonly has: (name: string) => boolean
  /** Every file below the folder, as one text. */
  readonly everything: () => string
  /** Runs a command in this process: the built command line, with a world of its own. */
  readonly run: (args: string, options?: RunOptions) => Promise<Ran>
  /** Runs it in a process of its own, where that is what a test is about. */
  readonly spawn: (args: string, options?: RunOptions) => Promise<Ran>
  readonly start: (args: string, options?: RunOptions) => Running
}

const opened: Home[] = []

/** Opens a folder with an emulator; it is closed by `closeHomes`. */
export async function home(options: EmulatorOptions = {}): Promise<Home> {
  const emulator = await startEmulator(options)
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'mailconfig-')))
  const file = (name: string, text: string): string => {
    const path = join(dir, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    return path
  }
  const head = mainHead(emulator)
  const usual = () => ({ PATH: process.env['PATH'] ?? '', HOME: dir, KEY: emulator.apiKey, TOKEN: emulator.token })
  const start = (args: string, { env = {}, stdin, cwd = dir }: RunOptions = {}): Running => {
    const child = spawn(process.execPath, [BIN, ...words(args)], { cwd, env: { ...usual(), ...env } })
    child.stdin.on('error', () => undefined) // a command that reads nothing may be gone before
    child.stdin.end(stdin)
    return watch(child)
  }
  const one: Home = {
    dir,
    emulator,
    file,
    spec: (body) => {
      file('mailconfig.yaml', head + body)
    },
    both: (body) => {
      file(
        'mailconfig.yaml',
        `${head}  office:\n    api: backoffice\n    url: ${emulator.backoffice}\n    token: \${env:TOKEN}\n${body}`,
      )
    },
    text: (name) => readFileSync(join(dir, name), 'utf8'),
    has: (name) => existsSync(join(dir, name)),
    everything: () =>
      readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(
          (entry) =>
            `${join(entry.parentPath, entry.name)}\n${readFileSync(join(entry.parentPath, entry.name), 'utf8')}`,
        )
        .join('\n'),
    run: (args, { env = {}, stdin, cwd: at = dir } = {}) =>
      runHere(words(args), { cwd: at, stdin, env: { ...usual(), ...env }, home: dir }),
    spawn: (args, more) => start(args, more).ended,
    start,
    async [Symbol.asyncDispose]() {
      await emulator.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
  opened.push(one)
  return one
}

/** Closes every folder of a test file: for `afterEach`. */
export async function closeHomes(): Promise<void> {
  await Promise.all(opened.splice(0).map((one) => one[Symbol.asyncDispose]()))
}

function mainHead({ smtp2go }: Emulator): string {
  return `version: 1\naccounts:\n  main:\n    api: smtp2go\n    url: ${smtp2go}\n    apiKey: \${env:KEY}\n`
}

/** Splits at spaces; a part in double quotes is one word. */
function words(args: string): string[] {
  return [...args.matchAll(/"([^"]*)"|(\S+)/g)].map((found) => found[1] ?? found[2] ?? '')
}

function watch(child: ChildProcess): Running {
  const said = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text
      for (const listener of listeners) listener()
    })
  const ended = new Promise<Ran>((done, fail) => {
    child.on('error', fail)
    child.on('close', (code) => done({ code, ...said }))
  })
  const says = (pattern: RegExp) =>
    new Promise<void>((done, fail) => {
      const look = () => {
        if (!pattern.test(said.stdout + said.stderr)) return
        listeners.delete(look)
        done()
      }
      listeners.add(look)
      void ended.then(() => fail(new Error(`ended without ${pattern}: ${said.stdout}${said.stderr}`)))
      look()
    })
  return { child, ended, says }
}

/** A document that switches every lint off, for specs that are about something else. */
export const LINTS_OFF = `version: 1\nlint:\n${lints.map(({ code }) => `  ${code}: off\n`).join('')}`

/** Writes it into a folder; answers the options that read it beside the spec. */
export function lintsOff({ file }: Pick<Home, 'file'>): string {
  file('lints.yaml', LINTS_OFF)
  return '-f mailconfig.yaml -f lints.yaml'
}

/** The calls that may change something. */
export function writes(emulator: Emulator): LoggedRequest[] {
  return emulator.requests().filter((request) => request.writes)
}

/** The calls that may change something, as `METHOD path`. */
export function written(emulator: Emulator): string[] {
  return writes(emulator).map(({ method, path }) => `${method} ${path.replace(/^\/v3/, '')}`)
}

/** The first lines of problems: place, code and message. */
export function problems(text: string): string[] {
  return text.split('\n').filter((line) => /^(\S+:\d+:\d+ )?[A-Z][A-Z0-9_]+ /.test(line))
}

/** The places and codes of problems: `mailconfig.yaml:7:3 UNKNOWN_FIELD`. */
export function codes(text: string): string[] {
  return problems(text).map((line) =>
    line
      .split(' ')
      .slice(0, /^\S+:\d+:\d+ /.test(line) ? 2 : 1)
      .join(' '),
  )
}

/** Compares with a golden file; `UPDATE_GOLDEN=1` writes it. Ports, folders and times are made the same. */
export function golden(name: string, text: string, { dir = '(none)' }: { readonly dir?: string } = {}): void {
  const path = resolve('test/golden', `${name}.txt`)
  const plain = text
    .replaceAll(dir, '/folder')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replace(/--accept (G\d+):[0-9a-f]{4}/g, '--accept $1:0000')
    .replace(/request [0-9a-f-]{8,}/g, 'request ID')
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, plain)
  expect(plain).toBe(existsSync(path) ? readFileSync(path, 'utf8') : '(no golden file)')
}

/** A subset of the emulator's state for one scope. */
export function state(scope: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}): unknown {
  return { smtp2go: { scopes: { '': scope }, ...more } }
}

/** The contents of one scope, as the emulator keeps it. */
export function scopeOf(emulator: Emulator, id = ''): Readonly<Record<string, readonly Record<string, unknown>[]>> {
  const all = emulator.state() as { smtp2go: { scopes: Record<string, Record<string, Record<string, unknown>[]>> } }
  return all.smtp2go.scopes[id] ?? {}
}

/** A password that the API accepts. */
export const STRONG = 'correct-horse-battery-staple-7'
