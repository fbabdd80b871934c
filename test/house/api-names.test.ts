import { expect, test } from 'vitest'
import { textsUnder } from './files.ts'

/** How often a source names an API: what differs between APIs is data (`src/apis/<name>/api.ts`), and code that knows one by name is in nobody's way only there. */
function namings(sources: ReadonlyMap<string, string>): Record<string, number> {
  return Object.fromEntries(
    [...sources].flatMap(([path, text]) => {
      if (path.startsWith('src/apis/')) return []
      const count = text.match(/'smtp2go'|'backoffice'|SMTP2GO_[A-Z]|BACKOFFICE_[A-Z]/g)?.length ?? 0
      return count === 0 ? [] : [[path, count]]
    }),
  )
}

test('sources that know an API by its name are counted, and may only become fewer', () => {
  // A number that has fallen is lowered here; none is raised.
  expect(namings(textsUnder('src', '.ts'))).toEqual({
    'src/index.ts': 1, // what a program can import
  })
})

test('a ternary over an API is found', () => {
  const text = `const word = api === 'smtp2go' ? 'apiKey' : 'token'`
  expect(namings(new Map([['src/engine/new.ts', text]]))).toEqual({ 'src/engine/new.ts': 1 })
})
