import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { BIN, closeHomes, type Home, home } from '../harness.ts'
import { ENV, LEDGER, ok, SPEC } from '../remembering.ts'

afterEach(closeHomes)

const run = promisify(execFile)

/** Says every module on standard error as it is loaded. */
const HOOKS = `export async function load(url, context, next) {
  if (url.startsWith('file:')) process._rawDebug('loaded ' + url)
  return next(url, context)
}`
const REGISTER = `import { register } from 'node:module'; register('data:text/javascript,' + ${JSON.stringify(encodeURIComponent(HOOKS))})`

/** The text of all files of ours that a command line loads. */
async function loaded(at: Home, ...args: readonly string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], KEY: at.emulator.apiKey, ...ENV }
  const hook = `data:text/javascript,${encodeURIComponent(REGISTER)}`
  const { stderr } = await run(process.execPath, ['--import', hook, BIN, ...args], { cwd: at.dir, env })
  return [...stderr.matchAll(/^loaded (file:\S+)/gm)]
    .map(([, url = '']) => readFileSync(fileURLToPath(url), 'utf8'))
    .join('\n')
}

/** Words that stand in the part that reads records, and nowhere else. */
const OURS = 'it has no lineage'

test('a plan loads the ledger where there is one, and not where there is none', async () => {
  const at = await home()
  at.spec(SPEC)
  expect(await loaded(at, 'plan')).not.toContain(OURS)
  await ok(at, 'apply --auto-approve')
  expect(at.has(LEDGER)).toBe(true)
  expect(await loaded(at, 'plan')).toContain(OURS)
  expect(await loaded(at, 'plan', '--ledger', 'none')).not.toContain(OURS)
})
