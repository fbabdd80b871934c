import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { closeHomes, home, STRONG } from '../cli/harness.ts'
import { portOf } from '../ledger/http-server.ts'
import { runAction } from './action.ts'
import { startGitHub } from './github-server.ts'

const { version, bin }: { version: string; bin: object } = JSON.parse(readFileSync('package.json', 'utf8'))
const asked: string[] = []
let tarball: Buffer
let registry = ''

/** A registry on this machine that has this package alone, packed as it would be published. */
const server = createServer(({ url = '' }, response) => {
  asked.push(url)
  if (url.endsWith('.tgz')) return response.end(tarball)
  if (url !== '/mailconfig') return response.writeHead(404).end('{}')
  const dist = {
    tarball: `${registry}/mailconfig/-/mailconfig-${version}.tgz`,
    integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
  }
  const versions = { [version]: { name: 'mailconfig', version, bin, dist } }
  return response.end(JSON.stringify({ name: 'mailconfig', 'dist-tags': { latest: version }, versions }))
})

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailconfig-pack-'))
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { stdio: 'ignore' })
  tarball = readFileSync(join(folder, `mailconfig-${version}.tgz`))
  rmSync(folder, { recursive: true })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  registry = `http://127.0.0.1:${portOf(server.address())}`
}, 60_000)
afterAll(() => server.close())
vi.setConfig({ testTimeout: 120_000 }) // each of them starts several programs, one after the other
afterEach(closeHomes)

test('the version of the action comes from npm, once, whatever the repository says about registries', async () => {
  await using hub = await startGitHub()
  const at = await home()
  at.spec(`smtpUsers:\n  - username: billing\n    password: ${STRONG}\n`)
  at.file('.npmrc', 'registry=http://127.0.0.1:9/\n') // of a pull request
  at.file('.runner/.npmrc', `registry=${registry}/\n`) // of the runner
  const first = await runAction(at, hub, { inputs: { 'mailconfig-path': '' } })
  expect(first).toMatchObject({ code: 0, outputs: { changes: '1' } })
  expect(existsSync(join(at.dir, `.runner/mailconfig-${version}/node_modules/mailconfig/dist/bin.js`))).toBe(true)
  expect(existsSync(join(at.dir, 'node_modules'))).toBe(false)

  asked.length = 0
  expect(await runAction(at, hub, { inputs: { 'mailconfig-path': '' } })).toMatchObject({ code: 0 })
  expect(asked).toEqual([])
})

test('a version that npm does not have is said, and nothing runs', async () => {
  await using hub = await startGitHub()
  const at = await home()
  at.spec('')
  at.file('.runner/.npmrc', `registry=${registry}/\n`)
  const ended = await runAction(at, hub, { inputs: { 'mailconfig-path': '', version: '99.0.0' } })
  expect(ended.code).toBe(1)
  expect(ended.log).toMatch(/^::error::mailconfig 99\.0\.0 could not be installed from npm$/m)
  expect(at.emulator.requests()).toEqual([])
})
