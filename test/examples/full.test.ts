import { readFileSync } from 'node:fs'
import { loadAll } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { kinds } from '../../src/apis/index.ts'
import { isRecord } from '../../src/model/json.ts'
import type { Fields } from '../../src/model/kind/field.ts'
import type { ResourceKind } from '../../src/model/kind/kind.ts'

/** What an API cannot make stands in an example of its own: the full one is applied to an empty account. */
const documents = ['full', 'ip-auth'].flatMap((name) =>
  loadAll(readFileSync(`examples/${name}/mailconfig.yaml`, 'utf8')).filter(isRecord),
)

describe.each(kinds.map((kind) => [kind.name, kind] as const))('the examples', (name, kind) => {
  test(`uses every writable field of ${name}`, () => {
    expect(writablePaths(kind.fields).filter((path) => !used(kind).has(path))).toEqual(
      kind.oneTimeSecret === undefined ? [] : OTHER_WAY[name],
    )
  })
})

/** Two fields of API keys that exclude what the example shows: a command instead of a file, a key instead of either. */
const OTHER_WAY: Readonly<Record<string, readonly string[]>> = { apiKeys: ['saveTo.command', 'key'] }

test('a field that is missing would be found', () => {
  const extra = { name: 'x', fields: { brandNew: { type: 'string', doc: '' } } } as const
  expect(writablePaths(extra.fields)).toEqual(['brandNew'])
})

/** Every field that a user can write, at any depth. */
function writablePaths(fields: Fields, prefix = ''): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    if (field.computed === true) return []
    const inner = 'items' in field ? field.items : field
    return inner.type === 'object' ? writablePaths(inner.fields, `${prefix}${name}.`) : [`${prefix}${name}`]
  })
}

/** The paths that the example's entries of a kind have. */
function used(kind: ResourceKind): Set<string> {
  const paths = new Set<string>()
  const walk = (fields: Fields, value: unknown, prefix: string) => {
    if (!isRecord(value)) return
    for (const [name, one] of Object.entries(value)) {
      const field = fields[name]
      if (field === undefined) continue
      const inner = 'items' in field ? field.items : field
      const items = Array.isArray(one) ? one : [one]
      if (inner.type === 'object') for (const item of items) walk(inner.fields, item, `${prefix}${name}.`)
      else paths.add(`${prefix}${name}`)
    }
  }
  for (const document of documents) {
    const section = document[kind.name]
    const entries = Array.isArray(section)
      ? section
      : kind.singleton === 'one' || !isRecord(section)
        ? [section]
        : Object.values(section)
    for (const entry of entries) walk(kind.fields, isRecord(entry) ? entry : { [kind.shorthand ?? '']: entry }, '')
  }
  return paths
}
