import { expect, test } from 'vitest'
import { needlessExports } from './exports.ts'
import { textsUnder } from './files.ts'

/** What users of the package import, what is generated, and what a script imports by its path. */
const ENTRIES = [
  'src/model/kind/field.ts', // its types are named in the declarations of every kind

  'src/index.ts',
  'src/apis/emulator.ts',
  'src/apis/index.ts',
  'src/cdktf/constructs/',
  'src/derive/index-file.ts',
]
const sources = new Map(
  ['src', 'test', 'scripts', 'bench'].flatMap((folder) => [
    ...textsUnder(folder, '.ts'),
    ...textsUnder(folder, '.mjs'),
  ]),
)

test('nothing is exported that nobody imports', () => {
  expect(needlessExports(sources, ENTRIES)).toEqual([])
})

test.each([
  ['a function', 'export function lonely() {}'],
  ['a type', 'export interface lonely {}'],
  ['a value', 'export const lonely = 1'],
])('%s that nobody imports is found', (_, text) => {
  const planted = new Map([...sources, ['src/model/lonely.ts', text]])
  expect(needlessExports(planted, ENTRIES)).toEqual(['src/model/lonely.ts lonely'])
})

test.each([
  ['by name', `import { lonely as other } from '../model/lonely.ts'`],
  ['as a type in place', `type X = import('../model/lonely.ts').lonely`],
  ['late', `const { lonely } = await import('../model/lonely.ts')`],
  ['as a whole', `import * as all from '../model/lonely.ts'`],
])('one that is imported %s is not', (_, text) => {
  const planted = new Map([...sources, ['src/model/lonely.ts', 'export const lonely = 1'], ['src/cli/new.ts', text]])
  expect(needlessExports(planted, ENTRIES)).toEqual([])
})
