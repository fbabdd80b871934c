import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { services } from '../../src/apis/services.ts'
import { faultNames } from '../../src/emulator/server/faults.ts'
import { definitionsOf } from '../../src/emulator/world/state.ts'

const SETTINGS = definitionsOf(services)
/** What the emulator is built with; none of it is ours. */
const PACKAGES = ['hono', '@hono/node-server', 'smtp-server', 'nodemailer', 'postal-mime', 'handlebars', 'htmlparser2']
const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/emulator.md'), 'utf8')
const folders = ['src/emulator', ...services.map(({ name }) => `src/apis/${name}/emulator`)]
const sources = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [posix.join(folder, name), readFileSync(join(root, folder, name), 'utf8')] as const),
)

describe('the page about the emulator', () => {
  test.each(Object.entries(SETTINGS))('has a row for %s', (name, { values, initial, evidence, doc }) => {
    expect(page).toContain(`| \`${name}\` | ${values} | \`${JSON.stringify(initial)}\` | ${evidence} | ${doc} |`)
  })

  test.each(faultNames)('has a row for the fault %s', (name) => {
    expect(page).toContain(`| \`${name}\` |`)
  })
})

describe('every setting', () => {
  const code = sources
    .filter(([name]) => !/\/settings?\.ts$/.test(name))
    .map(([, text]) => text)
    .join('\n')
  const tests = ['test/emulator', ...services.map(({ name }) => `test/apis/${name}/emulator`)]
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && name !== 'page.test.ts')
        .map((name) => readFileSync(join(root, folder, name), 'utf8')),
    )
    .join('\n')

  test.each(Object.keys(SETTINGS))('%s does something and is tested', (name) => {
    const word = new RegExp(`\\b${name}\\b`)
    expect([word.test(code), word.test(tests)]).toEqual([true, true])
  })
})

describe('the emulator', () => {
  test.each(sources)('%s imports nothing but Node, its packages and files of the emulator', (name, source) => {
    const imported = [...source.matchAll(/from '([^']+)'/g)].map(([, from = '']) => from)
    const home = folders.find((folder) => name.startsWith(`${folder}/`)) ?? ''
    const strange = imported.filter((from) => {
      if (from.startsWith('node:') || PACKAGES.some((one) => from === one || from.startsWith(`${one}/`))) return false
      const target = posix.join(posix.dirname(name), from)
      return !from.startsWith('.') || ![`${home}/`, 'src/emulator/'].some((folder) => target.startsWith(folder))
    })
    expect(strange).toEqual([])
  })

  test.each(sources)('%s is short', (_, source) => {
    expect(source.split('\n').length).toBeLessThan(260)
  })
})
