import { expect, test } from 'vitest'
import { textsUnder } from './files.ts'

/** How often a source names an API: what differs between APIs is data (`src/apis/<name>/api.ts`), and code that knows one by name is in nobody's way only there. */
function namings(sources: ReadonlyMap<string, string>): Record<string, number> {
  return Object.fromEntries(
    [...sources].flatMap(([path, text]) => {
      if (/^src\/(?:apis|emulator)\//.test(path)) return []
      const count = text.match(/'smtp2go'|'backoffice'|SMTP2GO_[A-Z]|BACKOFFICE_[A-Z]/g)?.length ?? 0
      return count === 0 ? [] : [[path, count]]
    }),
  )
}

test('sources that know an API by its name are counted, and may only become fewer', () => {
  // A number that has fallen is lowered here; none is raised.
  expect(namings(textsUnder('src', '.ts'))).toEqual({
    'src/cli/commands/check/check.ts': 1,
    'src/cli/commands/export/export.ts': 4,
    'src/cli/commands/init/init.ts': 2,
    'src/cli/commands/suppressions-lift/suppressions-lift.ts': 1,
    'src/cli/runs/estimate.ts': 2,
    'src/cli/runs/history.ts': 1,
    'src/cli/session/connection.ts': 2,
    'src/cli/session/environment.ts': 3,
    'src/derive/schema/ledger.ts': 2,
    'src/derive/schema/outputs.ts': 4,
    'src/derive/terraform/hcl.ts': 2,
    'src/engine/export/export.ts': 4,
    'src/engine/plan-file/shape.ts': 2,
    'src/engine/plan/same-account.ts': 1,
    'src/index.ts': 1,
    'src/model/desired/document-fields.ts': 2,
    'src/model/kind/api.ts': 2,
    'src/terraform/configuration/accounts.ts': 21,
    'src/terraform/configuration/schema.ts': 7,
    'src/terraform/registry-pages.ts': 7,
  })
})

test('a ternary over an API is found', () => {
  const text = `const word = api === 'smtp2go' ? 'apiKey' : 'token'`
  expect(namings(new Map([['src/engine/new.ts', text]]))).toEqual({ 'src/engine/new.ts': 1 })
})
