import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { commands } from '../../../src/cli/commands.ts'
import { fullName } from '../../../src/cli/options/command-text.ts'
import { type Options, VOCABULARY } from '../../../src/cli/options/vocabulary.ts'
import { names } from '../../../src/cli/options/words-in.ts'
import { programOf } from '../../../src/cli/program/program.ts'
import { EVERYWHERE } from '../../../src/cli/program/shared-options.ts'

const NOWHERE = { write: () => undefined }

/** What a command line gives, without running anything. */
async function read(line: readonly string[]) {
  const found: { name: string; options: Options; args: readonly string[] }[] = []
  const program = programOf(commands, { stdout: NOWHERE, stderr: NOWHERE }, async (command, options, args) => {
    found.push({ name: fullName(command), options, args })
  })
  await program.parseAsync([...line], { from: 'user' })
  return found[0]
}

/** The words of a line as a shell takes them apart. */
function words(line: string): string[] {
  const plain = line.replace(/^source <\((.*)\)$/, '$1').replace(/ > \S+$/, '')
  return [...plain.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '').slice(1)
}

test('every command has a folder, and every folder is a command', () => {
  const folders = readdirSync('src/cli/commands')
  expect(commands.map((one) => fullName(one).replace(' ', '-')).sort()).toEqual(folders)
})

describe.each(commands.map((one) => [fullName(one), one] as const))('%s', (name, { examples, summary }) => {
  test.each(examples)('takes its example %s', async (line) => {
    expect(await read(words(line))).toMatchObject({ name })
  })

  test('has a summary in lower case without a full stop, and an example', () => {
    expect(summary).toMatch(/^[a-z].*[^.]$/)
    expect(examples.length).toBeGreaterThan(0)
  })
})

test('every word of the vocabulary is an option of a command, and means something there', () => {
  const taken = new Set([EVERYWHERE, ...commands.map(({ options = {} }) => options)].flatMap((texts) => names(texts)))
  expect([...taken].sort()).toEqual(names(VOCABULARY).sort())
})

test('options that do not stand give an empty list, their preset, or nothing', async () => {
  const found = await read(['plan'])
  expect(found?.options).toEqual({
    ...{ file: [], account: [], only: [], exclude: [], var: [], varFile: [], envFile: [], notify: [], notifyOn: [] },
    ...{ runnerIp: [], report: [], accept: [], branch: [], to: [], event: [], reason: [], allowHost: [] },
    ...{ resolver: [], nameserver: [] },
    ...{ parallelism: 8, input: true, color: true, logLevel: 'warn', logFormat: 'text', format: 'text' },
  })
})

test('options that stand give what they stand for', async () => {
  const line = 'rotate smtpUsers/a --length 20 --retire block --account one --account two --lock-timeout 2m --no-input'
  const found = await read(line.split(' '))
  expect(found).toMatchObject({
    args: ['smtpUsers/a'],
    options: { length: 20, retire: 'block', account: ['one', 'two'], lockTimeout: 120_000, input: false },
  })
})

test.each([
  ['an option of another command', ['validate', '--auto-approve']],
  ['another choice than there are', ['history', '--format', 'html']],
  ['a number that is none', ['plan', '--parallelism', 'many']],
  ['a required option that is missing', ['rollback']],
])('%s is refused', async (_, line) => {
  await expect(read(line)).rejects.toThrow()
})
