import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { openStore } from '../../../src/ledger/stores/open.ts'
import { buildProgram, conforms, json, later, lease } from '../conformance.ts'
import { type S3Server, startS3Server } from '../s3-server.ts'

/** Says nothing of the Node versions that the SDK will need one day. */
const QUIET = { AWS_EC2_METADATA_DISABLED: 'true', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' }
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'hush-hush-secret-key' }
const servers: S3Server[] = []
let server: S3Server
beforeAll(async () => {
  server = await start()
})
afterAll(() => Promise.all(servers.map((each) => each.close())))
// The SDK looks for its keys in the environment of the process.
beforeEach(() => {
  for (const [name, value] of Object.entries({ ...KEYS, ...QUIET })) vi.stubEnv(name, value)
})
afterEach(() => vi.unstubAllEnvs())

async function start(): Promise<S3Server> {
  const started = await startS3Server(KEYS.AWS_ACCESS_KEY_ID)
  servers.push(started)
  return started
}

const url = (at: S3Server, key: string) => `s3://ledgers/${key}?region=eu-central-1&endpoint=${at.origin}`
const open = (text: string) => openStore(text, { cwd: '.', env: {} })

describe('a ledger in S3', () => {
  conforms(async () => {
    const own = await start()
    const env = { ...KEYS, ...QUIET }
    const secret = KEYS.AWS_SECRET_ACCESS_KEY
    return { url: url(own, 'team a/mail.json'), cwd: '.', env, secret, fail: () => own.close() }
  })

  test('is two objects, and nothing is ever deleted', async () => {
    const store = await open(url(server, 'shape.json'))
    expect(store.where).toBe('s3://ledgers/shape.json')
    const held = await store.lock(['main'], lease('one', 60_000), new Date())
    await store.write('main', json(1), undefined)
    await held.release()
    expect(JSON.parse(server.objects.get('/ledgers/shape.json') ?? '')).toEqual({
      format: 1,
      accounts: { main: JSON.parse(json(1)) },
    })
    expect(server.objects.get('/ledgers/shape.json.lock')).toBe('{}\n')
  })

  test('what is not a ledger is not overwritten', async () => {
    server.objects.set('/ledgers/odd.json', '{"format":9,"accounts":{}}')
    const store = await open(url(server, 'odd.json'))
    await expect(store.write('main', json(1), undefined)).rejects.toMatchObject({ code: 'LEDGER_NEWER' })
    expect(server.objects.get('/ledgers/odd.json')).toBe('{"format":9,"accounts":{}}')
  })

  test('a write that meets another one under way is made again', async () => {
    const store = await open(url(server, 'conflict.json'))
    server.conflicts = 3
    await store.write('main', json(1), undefined)
    expect(server.conflicts).toBe(0)
    expect(await store.names()).toEqual(['main'])
  })

  test('keys that are refused are said to be refused, without being said', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDOTHER')
    const store = await open(url(server, 'denied.json'))
    const error = await store.names().catch((reason) => reason)
    expect(error).toMatchObject({ code: 'LEDGER_DENIED', message: expect.stringContaining('AccessDenied') })
    expect(`${error.stack}${JSON.stringify(error)}`).not.toMatch(/AKIDOTHER|hush/)
  })

  test('no keys at all are said to be missing', async () => {
    for (const name of Object.keys(KEYS)) vi.stubEnv(name, undefined)
    for (const name of ['AWS_SHARED_CREDENTIALS_FILE', 'AWS_CONFIG_FILE']) vi.stubEnv(name, '/nowhere')
    const store = await open(url(server, 'keyless.json'))
    await expect(store.names()).rejects.toMatchObject({ code: 'LEDGER_DENIED' })
  })

  test.each([
    ['no key', 's3://bucket', 's3://bucket/key'],
    ['keys in the address', 's3://AKID:hush@bucket/key', 'do not belong'],
    ['an option that is unknown', 's3://bucket/key?acl=public', '"acl"'],
    ['an endpoint that shows everything', 's3://bucket/key?endpoint=http://example.com', 'use https'],
    ['an endpoint that is none', 's3://bucket/key?endpoint=x', 'not a URL'],
  ])('%s is refused', async (_, text, why) => {
    const error = await open(text).catch((reason) => reason)
    expect(error).toMatchObject({ code: 'LEDGER_URL', message: expect.stringContaining(why) })
    expect(error.stack).not.toContain('hush')
  })

  test('without the SDK it says which package to install', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailconfig-s3-')) // outside, so that no package is found
    const program = join(folder, 'program.mjs')
    await buildProgram(program)
    const args = [program, 's3://bucket/key?region=x', 'id', later(1000)]
    const run = () => execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
    expect(run).toThrow(/LEDGER_PACKAGE[\s\S]*npm install --save-dev @aws-sdk\/client-s3/)
    rmSync(folder, { recursive: true })
  })
})
