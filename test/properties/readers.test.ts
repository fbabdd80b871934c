import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Home, home, state } from '../cli/harness.ts'

const RUNS = Math.min(Number(process.env['MAILCONFIG_RUNS'] ?? 40), 2000)
/** What a reader may answer: nothing but a bug ends in another one. */
const CODES = [0, 1, 2, 3, 4]

let at: Home
beforeAll(async () => {
  at = await home({ seed: state({ smtpUsers: [{ username: 'billing-app', status: 'allowed' }] }) })
})
afterAll(() => at[Symbol.asyncDispose]())

const SPEC = `accounts:
  main: { api: smtp2go, url: "\${var:url}", apiKey: "\${env:KEY}" }
vars: { url: "\${var:base}/v3" }
ignore: ["smtpUsers/legacy-*"]
smtpUsers: [{ username: billing-app, description: "\${file:note.txt}" }]
suppressions: [{ file: list.csv }]
templates: [{ id: hello-1, name: Hello, subject: Hi, html: { file: body.html }, text: Hi }]
`
const FILES: Readonly<Record<string, string>> = {
  'mailconfig.yaml': `version: 1\n${SPEC}`,
  'list.csv': 'email,reason\n"a@example.org","Asked, twice"\nb@example.org,5" screen\n',
  'body.html': '<p>Hello {{name}}</p>\n',
  'note.txt': 'Ours\n',
  'vars.yaml': 'base: http://127.0.0.1:1\n',
  'one.env': 'KEY=api-0123456789abcdef0123456789abcdef\n',
  'saved.plan': '{"formatVersion":"1.0","changes":[]}\n',
  'ledger.json':
    '{"format":1,"accounts":{"main":{"format":1,"lineage":"x","serial":1,"entries":{},"history":[],"marks":[]}}}\n',
}

/** Something that no editor would write: bytes, a broken form of what is meant, too much of it, or too deep. */
const spoiled = (text: string): fc.Arbitrary<Buffer> =>
  fc.oneof(
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
    fc
      .tuple(fc.nat(text.length), fc.uint8Array({ minLength: 1, maxLength: 6 }))
      .map(([cut, bytes]) =>
        Buffer.concat([Buffer.from(text.slice(0, cut)), Buffer.from(bytes), Buffer.from(text.slice(cut))]),
      ),
    fc.tuple(fc.nat(text.length), fc.nat(text.length)).map(([from, to]) => Buffer.from(text.slice(Math.min(from, to)))),
    fc
      .constantFrom('[', '{"a":', '- ', '&a [*a, ', '"', '\n"', '${', '%', '\t', '!!js/function ')
      .chain((part) => fc.nat(20_000).map((times) => Buffer.from(text + part.repeat(times)))),
    fc.constantFrom<BufferEncoding>('utf16le', 'latin1').map((encoding) => Buffer.from(`\uFEFF${text}ü`, encoding)),
    fc.nat(3_000_000).map((size) => Buffer.from(text + 'x'.repeat(size))),
  )

const COMMANDS = [
  'validate --with-secrets --var-file vars.yaml --env-file one.env',
  'plan --var-file vars.yaml --env-file one.env --ledger ledger.json',
  'apply saved.plan --var-file vars.yaml --env-file one.env --ledger ledger.json',
  'fmt --check mailconfig.yaml',
  'history --ledger ledger.json',
] as const

test(`whatever stands in a file, a command ends within 5 seconds and 300 MB, and says what is wrong (${RUNS} files)`, async () => {
  const memory = { NODE_OPTIONS: '--max-old-space-size=300' }
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(FILES)).chain((name) => fc.tuple(fc.constant(name), spoiled(FILES[name] ?? ''))),
      fc.constantFrom(...COMMANDS),
      async ([name, bytes], command) => {
        for (const [file, text] of Object.entries(FILES)) at.file(file, text)
        at.file('vars.yaml', `base: ${at.emulator.backoffice}\n`)
        at.file('one.env', `KEY=${at.emulator.apiKey}\n`)
        writeFileSync(join(at.dir, name), bytes)
        const began = performance.now()
        const { code, stderr, stdout } = await at.spawn(command, { env: memory })
        expect(CODES, `${command} with ${name}: ${stderr.slice(0, 400)}`).toContain(code)
        expect(stdout + stderr).not.toMatch(/bug in mailconfig|^\s+at .*:\d+:\d+\)?$/m)
        expect(performance.now() - began).toBeLessThan(5000 * (process.env['CI'] === undefined ? 2 : 4)) // this machine has other work, too
      },
    ),
    { numRuns: RUNS, endOnFailure: true },
  )
}, 7_200_000)
