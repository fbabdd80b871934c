import { expect, test } from 'vitest'
import { textsUnder } from './files.ts'

/** How often a source decides by itself whether a walk over fields enters an object. */
function ownWalks(sources: ReadonlyMap<string, string>): Record<string, number> {
  return Object.fromEntries(
    [...sources].flatMap(([path, text]) => {
      if (path === 'src/model/kind/walk.ts' || path.startsWith('src/emulator/') || path.includes('/emulator/'))
        return []
      const count = text.match(/\btype === 'object' && (?:isRecord|!?\w+ !== undefined)/g)?.length ?? 0
      return count === 0 ? [] : [[path, count]]
    }),
  )
}

test('sources that walk over fields by themselves are counted, and may only become fewer', () => {
  // src/model/kind/walk.ts has a walk over fields, over values, over what could have a value, and one that changes values. What stands here
  // walks over two values at once, or treats each type of field in its own way. A number that has fallen is lowered; none is raised.
  expect(ownWalks(textsUnder('src', '.ts'))).toEqual({
    'src/engine/assemble/ignore.ts': 1, // looks at one field
    'src/engine/diff/fields.ts': 2, // what is desired beside what is live
    'src/engine/diff/reason.ts': 1, // looks at one field
    'src/engine/documents/interpolate.ts': 1, // each type in its own way
    'src/engine/export/entry.ts': 1, // leaves out defaults, in the order of the fields
    'src/engine/export/sayable.ts': 2, // each type in its own way
    'src/engine/wire/carried.ts': 1, // what is given beside what is live
    'src/engine/wire/encode.ts': 1, // into the names of the API
    'src/ledger/memory/recover.ts': 1, // what was wanted beside what is live
    'src/ledger/runs/adopt.ts': 1, // what is desired beside what is live
    'src/ledger/runs/undo.ts': 1, // leaves out objects that become empty
  })
})

test('a walk of its own is found', () => {
  const text = `if (field.type === 'object' && isRecord(value)) return secretsIn(field.fields, value)`
  expect(ownWalks(new Map([['src/engine/new.ts', text]]))).toEqual({ 'src/engine/new.ts': 1 })
})
