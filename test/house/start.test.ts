import { execFile } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)

/** Says every module on standard error as it is loaded. */
const HOOKS = `export async function load(url, context, next) {
  if (url.startsWith('file:')) process._rawDebug('loaded ' + url)
  return next(url, context)
}`
const REGISTER = `import { register } from 'node:module'; register('data:text/javascript,' + ${JSON.stringify(encodeURIComponent(HOOKS))})`

/** The files of ours that a command line loads. */
async function loaded(...args: readonly string[]): Promise<string[]> {
  const hook = `data:text/javascript,${encodeURIComponent(REGISTER)}`
  const { stderr } = await run(process.execPath, ['--import', hook, 'dist/bin.js', ...args])
  return [...stderr.matchAll(/^loaded (file:\S+)/gm)].map(([, url = '']) => fileURLToPath(url))
}

function bytes(paths: readonly string[]): number {
  return paths.reduce((sum, path) => sum + statSync(path).size, 0)
}

test('the version is said without loading the command line', async () => {
  const files = await loaded('--version')
  expect(files.length).toBeGreaterThan(0)
  expect(files.length).toBeLessThanOrEqual(3)
  expect(bytes(files)).toBeLessThan(5000)
})

test('everything else would be seen: help loads the command line, and no command', async () => {
  const files = await loaded('--help')
  expect(bytes(files)).toBeGreaterThan(20_000)
  expect(bytes(files)).toBeLessThan(200_000)
})

test('validating loads neither the HTTP client nor the emulator', async () => {
  const files = await loaded('validate', '-f', 'test/house/start.yaml')
  const texts = files.map((file) => readFileSync(file, 'utf8')).join('\n')
  expect(texts).not.toContain('UND_ERR_')
  expect(texts).not.toContain('/__emulator')
  expect(readFileSync('dist/emulator.js', 'utf8')).toContain('/__emulator') // else the line above says nothing
  expect(bytes(files)).toBeLessThan(900_000)
})
