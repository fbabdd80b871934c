import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { faultNames } from '../../src/emulator/server/faults.ts'
import { SETTINGS } from '../../src/emulator/world/settings.ts'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/emulator.md'), 'utf8')
const sources = readdirSync(join(root, 'src/emulator'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => [name, readFileSync(join(root, 'src/emulator', name), 'utf8')] as const)

describe('the page about the emulator', () => {
  test.each(Object.entries(SETTINGS))('has a row for %s', (name, { values, initial, evidence, doc }) => {
    expect(page).toContain(`| \`${name}\` | ${values} | \`${JSON.stringify(initial)}\` | ${evidence} | ${doc} |`)
  })

  test.each(faultNames)('has a row for the fault %s', (name) => {
    expect(page).toContain(`| \`${name}\` |`)
  })
})

describe('every setting', () => {
  const used = (folder: string, but: string) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && name !== but)
      .map((name) => readFileSync(join(root, folder, name), 'utf8'))
      .join('\n')
  const code = used('src/emulator', join('world', 'settings.ts'))
  const tests = used('test/emulator', 'page.test.ts')

  test.each(Object.keys(SETTINGS))('%s does something and is tested', (name) => {
    const word = new RegExp(`\\b${name}\\b`)
    expect([word.test(code), word.test(tests)]).toEqual([true, true])
  })
})

describe('the emulator', () => {
  test.each(sources)('%s imports nothing but Node, Hono and its own files', (name, source) => {
    const imported = [...source.matchAll(/from '([^']+)'/g)].map(([, from = '']) => from)
    const folder = posix.dirname(name.replaceAll('\\', '/'))
    const strange = imported.filter((from) => {
      if (from.startsWith('node:') || from === 'hono' || from.startsWith('@hono/node-server')) return false
      return !from.startsWith('.') || posix.join(folder, from).startsWith('..')
    })
    expect(strange).toEqual([])
  })

  test.each(sources)('%s is short', (_, source) => {
    expect(source.split('\n').length).toBeLessThan(260)
  })
})
