import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { apis } from '../../../src/apis/index.ts'
import { specSchema } from '../../../src/derive/schema/spec.ts'
import { compileValidator } from '../../../src/derive/schema/validator.ts'
import type { LoadOptions } from '../../../src/engine/documents/options.ts'
import { load } from '../../../src/engine/load.ts'
import { toys } from '../toy.ts'

const validate = compileValidator(specSchema(toys))

/** What is wrong with a file below its head (so from line 5), as `line:column CODE`. */
async function wrong(body: string, more: Partial<LoadOptions> = {}): Promise<string[]> {
  const cwd = mkdtempSync(join(tmpdir(), 'mailconfig-documents-'))
  onTestFinished(() => rmSync(cwd, { recursive: true }))
  const head = 'version: 1\naccounts:\n  home: { api: smtp2go, apiKey: "${env:KEY}" }\n\n'
  writeFileSync(join(cwd, 'toy.yaml'), head + body)
  const env = { KEY: 'made-up' }
  const options = { cwd, kinds: toys, validate, env, apis }
  const loaded = await load({ ...options, paths: ['toy.yaml'], ...more })
  return loaded.ok ? [] : loaded.problems.map(({ at, code }) => `${at?.line}:${at?.column} ${code}`)
}

test('a broken document has its references looked up all the same, in order of their places', async () => {
  expect(
    await wrong(
      `lamps:
  - name: \${env:NAME}
    socker: wall
    code: \${env:CODE}
    glow: { level: "\${var:level}", hue: [red] }
    switches: ["\${vault:x}"]
switches: [{ name: "\${env:OPEN" }]
`,
    ),
  ).toEqual([
    '6:5 UNSET_VARIABLE',
    '7:5 UNKNOWN_FIELD',
    '8:5 UNSET_VARIABLE',
    '9:13 UNSET_VARIABLE',
    '9:36 WRONG_TYPE',
    '10:16 BAD_REFERENCE',
    '11:14 BAD_REFERENCE',
  ])
})

test('a place is not complained about twice', async () => {
  expect(await wrong('manage: { lamps: "${env:MODE}" }\nlamps: "${env:LAMPS}"\n')).toEqual([
    '5:11 BAD_VALUE',
    '6:1 WRONG_TYPE',
  ])
  expect(await wrong('lamps:\n  - { name: desk, id: "${env:ID}" }\n')).toEqual(['6:19 UNKNOWN_FIELD'])
})

test('what a reference stands for is checked beside what is wrong otherwise', async () => {
  const env = { KEY: 'made-up', ON: 'perhaps' }
  const lamps = 'lamps:\n  - name: desk\n    on: ${env:ON}\n'
  expect(await wrong(lamps, { env })).toEqual(['7:5 WRONG_TYPE'])
  expect(await wrong(`${lamps}    socker: wall\n`, { env })).toEqual(['7:5 WRONG_TYPE', '8:5 UNKNOWN_FIELD'])
})

test('variables of a broken document are set all the same', async () => {
  const lamp = 'lamps: [{ name: "${var:room}" }]\n'
  expect(await wrong(`vars: { room: attic }\nlamp: []\n${lamp}`)).toEqual(['6:1 UNKNOWN_FIELD'])
  expect(await wrong(`${lamp}---\nversion: 1\noverlay: true\nlamp: []\nvars: { room: attic }\n`)).toEqual([
    '9:1 UNKNOWN_FIELD',
  ])
  expect(await wrong(`vars: [room]\n${lamp}`)).toEqual(['5:1 WRONG_TYPE'])
})

test('no command runs for a broken document, and a forbidden one is named', async () => {
  const ran: string[] = []
  const exec = (command: string) => {
    ran.push(command)
    return 'made-up'
  }
  const body = 'lamp: []\nlamps:\n  - name: desk\n    code: ${exec:open}\n'
  expect(await wrong(body, { exec })).toEqual(['5:1 UNKNOWN_FIELD'])
  expect(await wrong(body)).toEqual(['5:1 UNKNOWN_FIELD', '8:5 EXEC_OFF'])
  expect(ran).toEqual([])
})

test('a credential of an account has no place in a field that everybody sees', async () => {
  const env = { KEY: 'api-0123456789', SHORT: 'a' }
  expect(
    await wrong(
      `lamps:
  - name: desk
    socket: wall \${env:KEY}
    glow: { hue: "\${env:KEY}" }
    code: \${env:KEY}
`,
      { env },
    ),
  ).toEqual(['7:5 CREDENTIAL_IN_PLAIN', '8:13 CREDENTIAL_IN_PLAIN'])
  expect(await wrong('lamps: [{ name: api-012345678, code: "${env:SHORT}" }]\n', { env })).toEqual([])
})

test('one account under two names is refused, unless its credentials differ or are unknown', async () => {
  const beside = (key: string) => `---\nversion: 1\naccounts:\n  twin: { api: smtp2go, apiKey: "${key}" }\n`
  expect(await wrong(beside('${env:KEY}'))).toEqual(['8:3 SAME_ACCOUNT'])
  expect(await wrong(beside('${env:OTHER}'), { env: { KEY: 'made-up', OTHER: 'other' } })).toEqual([])
  const overlay = '---\nversion: 1\noverlay: true\naccounts:\n  home: { api: smtp2go, apiKey: "${env:KEY}" }\n'
  expect(await wrong(overlay)).toEqual([])
})
