import { kinds } from '../src/apis/index.ts'
import { commands } from '../src/cli/commands.ts'
import { commandPage, commandsJson } from '../src/cli/program/page.ts'
import { ownershipPage } from '../src/derive/pages/ownership.ts'
import { indexPage, referencePage } from '../src/derive/pages/reference.ts'
import { documentSchemas } from '../src/derive/schema/documents.ts'
import { entrySchema, specSchema } from '../src/derive/schema/spec.ts'
import { whoMaySendPage } from '../src/policy/page.ts'
import { createProvider } from '../src/terraform/provider.ts'
import { registryPages } from '../src/terraform/registry-pages.ts'

/** The provider without a world around it: only what it says about itself is asked. */
function schemaOfProvider() {
  const nobody = () => Promise.resolve(() => [])
  return createProvider({ kinds, env: {}, version: '', cwd: '', validatorOf: nobody, specValidator: nobody }).schema
}

/** Every generated file but the list of kinds itself, by path. */
export function outputs(): Record<string, string> {
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
  return {
    'mailconfig.schema.json': json(specSchema(kinds)),
    ...Object.fromEntries(
      Object.entries(documentSchemas(kinds)).map(([name, schema]) => [`schemas/${name}.schema.json`, json(schema)]),
    ),
    ...Object.fromEntries(kinds.map((kind) => [`schemas/${kind.name}.schema.json`, json(entrySchema(kind))])),
    ...Object.fromEntries(
      Object.entries(registryPages(schemaOfProvider(), kinds)).map(([path, text]) => [`docs/terraform/${path}`, text]),
    ),
    'docs/reference/commands.md': commandPage(commands),
    'docs/reference/commands.json': json(commandsJson(commands)),
    'docs/reference/README.md': indexPage(kinds),
    'docs/reference/who-may-send.md': whoMaySendPage(),
    'docs/reference/what-is-deleted-when.md': ownershipPage(kinds),
    ...Object.fromEntries(kinds.map((kind) => [`docs/reference/${kind.name}.md`, referencePage(kind)])),
  }
}
