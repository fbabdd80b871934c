import { spawn, spawnSync } from 'node:child_process'
import { afterEach, describe, expect, test } from 'vitest'
import { BIN, closeHomes, type Home, home, STRONG, state, writes } from '../harness.ts'

afterEach(closeHomes)

const SPEC = 'singleSenders: [ann@example.com]\nsmtpUsers:\n  - { username: first-app, password: "${env:PASSWORD}" }\n'
const ESC = '\u001B'
const hasScript = /util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '')

/** Runs a command in a real terminal, and types when it asks. */
function onTerminal(
  at: Home,
  args: string,
  { type, env = {}, columns = 80 }: { type?: string; env?: Readonly<Record<string, string>>; columns?: number } = {},
): Promise<{ readonly code: number | null; readonly text: string }> {
  const given = {
    PATH: process.env['PATH'] ?? '',
    HOME: at.dir,
    TERM: 'xterm',
    KEY: at.emulator.apiKey,
    TOKEN: at.emulator.token,
    PASSWORD: STRONG,
  }
  const child = spawn(
    'script',
    ['-qec', `stty cols ${columns}; exec '${process.execPath}' '${BIN}' ${args}`, '/dev/null'],
    { cwd: at.dir, env: { ...given, ...env } },
  )
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    const asked = text.includes('Only "yes"')
    text += part
    if (type !== undefined && !asked && text.includes('Only "yes"')) child.stdin.write(type)
  })
  return new Promise((done) => child.on('close', (code) => done({ code, text })))
}

describe.skipIf(!hasScript)('in a terminal', () => {
  test('a plan has colours', async () => {
    const at = await home()
    at.spec(SPEC)
    const { code, text } = await onTerminal(at, 'plan')
    expect(text).toContain(`${ESC}[32m+${ESC}[39m singleSenders/ann@example.com`)
    expect(code).toBe(0)
  })

  test.each([
    ['NO_COLOR', 'plan', { NO_COLOR: '1' }],
    ['TERM=dumb', 'plan', { TERM: 'dumb' }],
    ['--no-color', 'plan --no-color', {}],
    ['--no-color with an error', 'plan --no-color --account nobody', {}],
  ])('%s leaves them out', async (_, args, env) => {
    const at = await home()
    at.spec(SPEC)
    const { text } = await onTerminal(at, args, { env })
    expect(text.replaceAll(`\r${ESC}[2K`, '').replace(/reading \d\/\d/g, '')).not.toContain(ESC)
  })

  test('"yes" applies', async () => {
    const at = await home()
    at.spec(SPEC)
    const { code, text } = await onTerminal(at, 'apply', { type: 'yes\n' })
    expect(text).toContain('2 changes done and read back')
    expect(code).toBe(0)
    expect(writes(at.emulator)).toHaveLength(2)
  })

  test.each([
    ['"y"', 'y\n', 1],
    ['an empty line', '\n', 1],
    ['Ctrl-D', '\u0004', 1],
    ['Ctrl-C', '\u0003', 130],
  ])('%s at the question writes nothing', async (_, type, expected) => {
    const at = await home()
    at.spec(SPEC)
    const { code, text } = await onTerminal(at, 'apply', { type })
    expect(text).toMatch(/Nothing was written\.\r\n$/)
    expect(code).toBe(expected)
    expect(writes(at.emulator)).toEqual([])
  })

  test('a line says how far it is, fits the width, and goes away', async () => {
    const at = await home()
    at.spec(SPEC)
    at.emulator.faults([{ fault: 'latency', ms: 150 }])
    const { text } = await onTerminal(at, 'apply --auto-approve', { columns: 9 })
    const shown = text
      .split(`\r${ESC}[2K`)
      .slice(1)
      .map((part) => part.split('\r')[0] ?? '')
    expect(shown).toContain('reading ')
    expect(shown).toContain('applying')
    expect(text).not.toMatch(/reading \d[^\r]*$/)
    const inCi = await onTerminal(at, 'plan', { env: { CI: 'true' } })
    expect(inCi.text).not.toContain('reading')
  })
})

describe('in a pipe', () => {
  test('there are no colours, unless they are asked for', async () => {
    const at = await home()
    at.spec(SPEC)
    const env = { PASSWORD: STRONG }
    expect((await at.run('plan', { env })).stdout).not.toContain(ESC)
    expect((await at.run('plan', { env: { ...env, FORCE_COLOR: '1' } })).stdout).toContain(`${ESC}[32m+`)
  })

  test('text from the API cannot move the cursor or hide a line', async () => {
    const at = await home({
      seed: state({
        smtpUsers: [{ username: `evil${ESC}[2K\rapp` }, { username: 'a\u202Eb-app', description: `x${ESC}]0;t\u0007` }],
      }),
    })
    at.spec('smtpUsers: []\n')
    const { stdout } = await at.run('plan')
    expect(stdout).toContain('evil\\u001b[2K\\u000dapp')
    expect(stdout).toContain('a\\u202eb-app')
    expect(stdout).not.toContain(ESC)
  })

  test('plan | head ends without a word', async () => {
    const at = await home({
      seed: state({ smtpUsers: Array.from({ length: 3000 }, (_, n) => ({ username: `user-${n}` })) }),
    })
    at.spec('manage: { smtpUsers: authoritative }\nsmtpUsers: []\n')
    const { stdout, stderr } = await piped(at, 'plan | head -n 1')
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^main smtp2go, http.*\n$/)
  })

  test('apply | head finishes its work all the same', async () => {
    const at = await home()
    const users = Array.from(
      { length: 6 },
      (_, n) => `  - { username: user-${n}, password: "\${env:PASSWORD}", description: "${'x'.repeat(20_000)}" }\n`,
    )
    at.spec(`smtpUsers:\n${users.join('')}`)
    at.emulator.faults([{ match: { path: '/v3/users/smtp/add' }, fault: 'latency', ms: 60 }])
    const { stderr } = await piped(at, 'apply --auto-approve --parallelism 1 | true')
    expect(stderr.match(/^done/gm)).toHaveLength(6)
    expect(writes(at.emulator)).toHaveLength(6)
  })
})

function piped(at: Home, line: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: at.dir, KEY: at.emulator.apiKey, PASSWORD: STRONG }
  const child = spawn('sh', ['-c', `'${process.execPath}' '${BIN}' ${line}`], { cwd: at.dir, env })
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text
    })
  return new Promise((done) => child.on('close', () => done(said)))
}
