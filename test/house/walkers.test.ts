import { expect, test } from 'vitest'
import { textsUnder } from './files.ts'
import { ownWalks } from './walkers.ts'

test('functions that walk over fields by themselves are known, and may only become fewer', () => {
  // src/model/kind/walk.ts walks over fields, over values, over what could have a value, and changes values. What stands here has a reason.
  expect(ownWalks(textsUnder('src', '.ts'))).toEqual({
    // each type of field in its own way
    'src/derive/schema/expectation.ts': ['expectation'],
    'src/derive/schema/field.ts': ['fieldSchema'],
    'src/derive/terraform/attributes.ts': ['fieldAttribute', 'typeOf'],
    'src/cdktf/resource-config.ts': ['valueConfig'],
    'src/engine/documents/interpolate.ts': ['resolveValue'],
    'src/engine/entries/normalize.ts': ['finishValue'],
    'src/engine/export/sayable.ts': ['isSayable', 'isSayableItem'],
    'src/model/value/canonical.ts': ['canonical'],
    'src/model/ledger/recordable.ts': ['recordableValue'],
    // two values at once: what is desired, and what is live
    'src/engine/diff/fields.ts': ['differences', 'leaves'],
    'src/engine/plan/plan.ts': ['unshown'],
    'src/engine/wire/carried.ts': ['carried'],
    'src/ledger/memory/recover.ts': ['agrees'],
    'src/ledger/runs/adopt.ts': ['liveValue'],
    // into the names of an API, and back
    'src/engine/wire/decode.ts': ['namesOf', 'decodeObject', 'decodeValue', 'decodeItem'],
    'src/engine/wire/encode.ts': ['encodeObject', 'encodeValue', 'encodeItem'],
    // nodes of a YAML text
    'src/engine/format/arrange.ts': ['arrangeValue'],
    'src/engine/merge/value.ts': ['changeValue'],
    // leaves out defaults, unstable fields, or objects that become empty
    'src/engine/export/entry.ts': ['writable'],
    'src/engine/plan-file/marks.ts': ['settledOf'],
    'src/ledger/runs/undo.ts': ['settled'],
  })
})

test.each([
  `function secretPaths(fields) {
  return Object.entries(fields).flatMap(([name, field]) => {
    if (field.secret === true) return [[name]]
    return field.type === 'object' ? secretPaths(field.fields) : []
  })
}`,
  `const holds = (field, value) =>
  (field.type === 'set' || field.type === 'list') && value.some((item) => holds(field.items, item))`,
  `function one(field) { return field.type === 'object' ? other(field.fields) : 1 }
function other(fields) { return Object.values(fields).map(one) }`,
])('a walk of its own is found: %s', (text) => {
  expect(Object.keys(ownWalks(new Map([['src/engine/new.ts', text]])))).toEqual(['src/engine/new.ts'])
})
