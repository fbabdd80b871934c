import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { filesUnder, textsUnder } from './files.ts'
import { brokenFloors, FLOORS, floorOf, fullFolders, MOST_FILES, ringsOf } from './layout.ts'

const sources = textsUnder('src', '.ts')

test('in every room imports run one way', () => {
  expect(brokenFloors(sources)).toEqual([])
})

test.each([
  ['runs up', 'src/engine/diff/new.ts', 'src/engine/plan/plan.ts'],
  ['runs up to what is loose', 'src/engine/apply/new.ts', 'src/engine/load.ts'],
  ['runs from one command to another', 'src/cli/commands/plan/new.ts', 'src/cli/commands/apply/apply.ts'],
  ['runs from a report to a command', 'src/cli/report/markdown/new.ts', 'src/cli/commands/drift/drift.ts'],
])('an import that %s is found', (_, from, to) => {
  const up = Array.from({ length: from.split('/').length - 1 }, () => '..').join('/')
  const planted = new Map([...sources, [from, `import type { X } from '${up}/${to}'`]])
  expect(brokenFloors(planted)).toEqual([`${from} imports ${to}`])
})

test('a folder that has no floor is found', () => {
  expect(brokenFloors(new Map([['src/engine/odd/new.ts', '']]))).toEqual([
    'src/engine/odd/new.ts: "engine/odd" is no floor',
  ])
  expect(brokenFloors(new Map([['src/telemetry/odd/new.ts', '']]))).toHaveLength(1)
})

test('every floor has files', () => {
  const folders = [...sources.keys()].map((path) => path.split('/').slice(1, -1))
  const used = new Set(folders.map(([room = '', ...rest]) => `${room}/${floorOf(room, rest.join('/') || '.')}`))
  const named = Object.entries(FLOORS).flatMap(([room, floors]) => floors.map((floor) => `${room}/${floor}`))
  expect(named.filter((one) => !used.has(one))).toEqual([])
})

test('no files import each other in a ring', () => {
  expect(ringsOf(sources)).toEqual([])
  const ring = new Map([
    ['src/model/a.ts', `import { b } from './b.ts'`],
    ['src/model/b.ts', `import type { C } from './c.ts'`],
    ['src/model/c.ts', `const a = await import('./a.ts')`],
    ['src/model/d.ts', `import './a.ts'`],
  ])
  expect(ringsOf(ring)).toEqual([['src/model/a.ts', 'src/model/b.ts', 'src/model/c.ts']])
})

test(`no folder has more than ${MOST_FILES} source files`, () => {
  expect(fullFolders(filesUnder('src').filter((path) => path.endsWith('.ts')))).toEqual([])
  const many = Array.from({ length: MOST_FILES + 1 }, (_, at) => `src/engine/plan/${at}.ts`)
  expect(fullFolders(many)).toEqual(['src/engine/plan: 13 files'])
})

test('the map in CONTRIBUTING.md is the one that is enforced', () => {
  const text = readFileSync('CONTRIBUTING.md', 'utf8')
  const map = /^```\n(model [\s\S]*?)^```/m.exec(text)?.[1] ?? ''
  const rows = map.replaceAll(/\n +/g, ' ').trim().split('\n')
  const shown = Object.fromEntries(
    rows.map((row) => row.split(/ +/)).map(([room, ...floors]) => [room, floors] as const),
  )
  expect(shown).toEqual(FLOORS)
})

test('the answers in CONTRIBUTING.md are files that are there', () => {
  const text = readFileSync('CONTRIBUTING.md', 'utf8')
  const rows =
    text.slice(text.indexOf('### Where is it?'), text.indexOf('## Add a kind')).match(/^\| .*\?.* \|$/gm) ?? []
  expect(rows).toHaveLength(10)
  for (const row of rows) {
    const paths = [...row.matchAll(/`(src\/[^`]+)`/g)].map(([, path = '']) => path)
    expect(paths.length).toBeGreaterThan(0)
    expect(paths.filter((path) => !existsSync(path))).toEqual([])
  }
})
