import { expect, test } from 'vitest'
import { textsUnder } from './files.ts'
import { countHatches } from './hatches.ts'

test('the ways around the compiler are counted, and may only become fewer', () => {
  // A number that has fallen is lowered here; none is raised.
  expect(countHatches(textsUnder('src', '.ts'))).toEqual({
    any: {},
    as: {
      'src/apis/smtp2go/client/typed.ts': 2,
      'src/apis/backoffice/emulator/providers.ts': 2,
      'src/emulator/input/fields.ts': 1,
      'src/emulator/world/settings.ts': 1,
    },
    '!': {},
    '@ts-': {},
    'biome-ignore': {},
    console: {},
  })
})

test.each([
  ['any', 'let x: any', 1],
  ['any', 'type X = Record<string, any>', 1],
  ['as', 'const x = y as string', 1],
  ['as', 'const x = <string>y', 1],
  ['as', 'const x = y as unknown as string', 2],
  ['!', 'const x = y!.z', 1],
  ['@ts-', '// @ts-expect-error because\nlet x: string = 1', 1],
  ['biome-ignore', '// biome-ignore lint/style: because\nlet x', 1],
  ['console', 'console.log(1)', 1],
] as const)('%s is found in: %s', (hatch, text, times) => {
  expect(countHatches(new Map([['src/new.ts', text]]))[hatch]).toEqual({ 'src/new.ts': times })
})

test('"as const", names and words in texts are no hatches', () => {
  const text = "const x = { a: 1 } as const\nimport { a as b } from './c.ts'\nconst y = 'any as console'\nconst z = !x"
  expect(Object.values(countHatches(new Map([['src/new.ts', text]])))).toEqual([{}, {}, {}, {}, {}, {}])
})
