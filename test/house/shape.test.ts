import { expect, test } from 'vitest'
import { filesUnder, textsUnder } from './files.ts'

const MOST_LINES = 400

function tooLong(sources: ReadonlyMap<string, string>): string[] {
  return [...sources].filter(([, text]) => text.split('\n').length - 1 > MOST_LINES).map(([path]) => path)
}

function badlyNamed(paths: readonly string[]): string[] {
  return paths.filter((path) =>
    /(?:^|[/-])(?:utils?|helpers?|common|misc|manager|service|handler|base)(?:[/.]|$)/i.test(path),
  )
}

function looseIndexes(paths: readonly string[]): string[] {
  const known = ['src/index.ts', 'src/apis/index.ts', 'src/emulator/index.ts']
  return paths.filter((path) => path.endsWith('/index.ts') && !known.includes(path))
}

test('no source file is longer than 400 lines', () => {
  expect(tooLong(textsUnder('src', '.ts'))).toEqual([])
  expect(tooLong(new Map([['src/a.ts', 'x\n'.repeat(401)]]))).toEqual(['src/a.ts'])
})

test('no file is called after what it is not', () => {
  expect(badlyNamed([...filesUnder('src'), ...filesUnder('test')])).toEqual([])
  const bad = ['src/utils.ts', 'src/engine/string-utils.ts', 'src/helpers/a.ts', 'src/http/base.ts']
  expect(badlyNamed([...bad, 'src/http/baseline.ts'])).toEqual(bad)
})

test('an index stands only where the public API, the list of kinds and the emulator begin', () => {
  expect(looseIndexes(filesUnder('src'))).toEqual([])
  expect(looseIndexes(['src/engine/index.ts'])).toEqual(['src/engine/index.ts'])
})

test('a source file is named in lower case with hyphens', () => {
  expect(filesUnder('src').filter((path) => !/^[a-z0-9/.-]+\.(?:ts|css)$/.test(path))).toEqual([])
})

test('every test names what it tests: its folder is one of src, or one of the house', () => {
  const folders = new Set(filesUnder('test').map((path) => path.split('/')[1]))
  const known = new Set([
    ...filesUnder('src').map((path) => path.split('/')[1]),
    'examples',
    'house',
    'golden',
    'editor',
    'ci',
    'month',
    'properties',
    'redteam',
  ])
  expect([...folders].filter((folder) => !known.has(folder))).toEqual([])
})
