import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { OLDEST_NODE, tooOld } from '../../src/cli/invocation/node-version.ts'
import { BIN } from './harness.ts'

test('the oldest version is the one that the package names', () => {
  expect(JSON.parse(readFileSync('package.json', 'utf8')).engines.node).toBe(`>=${OLDEST_NODE}`)
})

test.each([
  ['18.20.4', true],
  ['20.18.9', true],
  ['20.19.0', false],
  ['22.0.0', false],
  ['100.1.0', false],
])('%s is too old: %s', (version, isOld) => {
  expect(tooOld(version) !== undefined).toBe(isOld)
})

test.each(['--version', 'plan', ''])('an older Node.js is named in one line: %s', async (args) => {
  const older = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'18.20.4'})"
  const ended = await new Promise((done) => {
    execFile(process.execPath, ['--import', older, BIN, ...args.split(' ').filter(Boolean)], (error, stdout, stderr) =>
      done({ code: error?.code, stdout, stderr }),
    )
  })
  expect(ended).toEqual({
    code: 1,
    stdout: '',
    stderr: 'error: mailconfig needs Node.js 20.19 or later, and this is 18.20.4\n',
  })
})
