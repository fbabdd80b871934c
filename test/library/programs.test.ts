import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { transform } from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Emulator, startEmulator } from '../../src/apis/emulator.ts'

const page = readFileSync('docs/library.md', 'utf8')
const programs = new Map(
  [...page.matchAll(/^```ts\n\/\/ (\S+\.ts)\n([\s\S]*?)^```/gm)].map(([, name = '', text = '']) => [name, text]),
)
const SPEC = `version: 1
accounts:
  main: { api: smtp2go, url: "\${env:SMTP2GO_URL}", apiKey: "\${env:SMTP2GO_API_KEY}" }
singleSenders: [{ email: news@example.org }]
`
const LISTS = `version: 1
accounts:
  lists: { api: lists, url: "\${env:LISTS_URL}", listsKey: "\${env:LISTS_KEY}" }
mailingLists: [{ address: team@example.org, members: [ann@example.org, bob@example.org] }]
`

let folder = ''
let emulator: Emulator
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailconfig-programs-'))
  await mkdir(join(folder, 'node_modules'))
  await symlink(resolve('.'), join(folder, 'node_modules/mailconfig'))
  await writeFile(join(folder, 'mailconfig.yaml'), SPEC)
  await writeFile(join(folder, 'lists.yaml'), LISTS)
})
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(async () => {
  emulator = await startEmulator()
})
afterEach(() => emulator.close())

async function run(name: string, more: Readonly<Record<string, string>> = {}) {
  const { code } = await transform(programs.get(name) ?? '', { loader: 'ts', target: 'node20', format: 'esm' })
  const path = join(folder, name.replace(/ts$/, 'mjs'))
  await writeFile(path, code)
  const env = {
    PATH: process.env['PATH'],
    ...{ SMTP2GO_URL: emulator.smtp2go, SMTP2GO_API_KEY: emulator.apiKey, BILLING_PASSWORD: 'correct-horse-staple-7' },
    ...{ BACKOFFICE_URL: emulator.backoffice, BACKOFFICE_TOKEN: emulator.token, ...more },
  }
  return await new Promise<{ code: number; stdout: string; stderr: string }>((done) =>
    execFile(process.execPath, [path], { cwd: folder, env }, (error, stdout, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, stdout, stderr }),
    ),
  )
}

describe('the programs in docs/library.md', () => {
  test('are the ones that are run here', () => {
    const run = ['plan', 'apply', 'history', 'drift', 'clients', 'parts', 'own-api', 'users.test']
    expect([...programs.keys()]).toEqual(run.map((name) => `${name}.ts`))
  })

  test('plan.ts says what would change, and changes nothing', async () => {
    expect(await run('plan.ts')).toEqual({
      code: 0,
      stdout: "[ 'create singleSenders/news@example.org' ]\n",
      stderr: '',
    })
    expect(emulator.requests().filter(({ writes }) => writes)).toEqual([])
  })

  test('apply.ts applies, and drift.ts finds nothing afterwards', async () => {
    expect(await run('drift.ts')).toMatchObject({ code: 2, stdout: 'low create singleSenders/news@example.org\n' })
    expect(await run('apply.ts')).toEqual({ code: 0, stdout: 'done singleSenders/news@example.org\n', stderr: '' })
    expect(await run('drift.ts')).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  test('history.ts shows the run that it made', async () => {
    const { code, stdout, stderr } = await run('history.ts')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^\d{4}-\S+ done\n {2}create singleSenders\/news@example\.org\n/)
  })

  test('clients.ts calls both APIs', async () => {
    expect(await run('clients.ts')).toEqual({ code: 0, stdout: 'blocked\n0\n', stderr: '' })
  })

  test('parts.ts prints the summary of a plan', async () => {
    expect(await run('parts.ts')).toMatchObject({ code: 0, stdout: expect.stringContaining('create: 1') })
  })

  test('users.test.ts passes', async () => {
    expect(await run('users.test.ts')).toMatchObject({ code: 0 })
  })

  test('own-api.ts applies to an API that mailconfig does not know', async () => {
    const lists: unknown[] = []
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      response.setHeader('content-type', 'application/json')
      if (request.headers.authorization !== 'Bearer key-of-lists') return response.writeHead(401).end('{}')
      if (request.method === 'POST') lists.push(JSON.parse(Buffer.concat(chunks).toString('utf8')))
      return response.end(JSON.stringify(request.method === 'GET' ? { lists } : {}))
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as AddressInfo
    try {
      const env = { LISTS_URL: `http://127.0.0.1:${port}`, LISTS_KEY: 'key-of-lists' }
      expect(await run('own-api.ts', env)).toEqual({ code: 0, stdout: 'applied\n', stderr: '' })
      expect(await run('own-api.ts', env)).toEqual({ code: 0, stdout: 'applied\n', stderr: '' })
      expect(lists).toEqual([{ address: 'team@example.org', members: ['ann@example.org', 'bob@example.org'] }])
    } finally {
      server.close()
    }
  })
})
