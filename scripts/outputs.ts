import { entrySchema, specSchema } from '../src/derive/json-schema.ts'
import { applySchema, planSchema, validateSchema } from '../src/derive/output-schemas.ts'
import { indexPage, referencePage } from '../src/derive/reference.ts'
import { kinds } from '../src/kinds/index.ts'

/** Every generated file but the list of kinds itself, by path. */
export function outputs(): Record<string, string> {
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
  return {
    'mailconfig.schema.json': json(specSchema(kinds)),
    'schemas/plan.schema.json': json(planSchema(kinds)),
    'schemas/apply.schema.json': json(applySchema()),
    'schemas/validate.schema.json': json(validateSchema()),
    ...Object.fromEntries(kinds.map((kind) => [`schemas/${kind.name}.schema.json`, json(entrySchema(kind))])),
    'docs/reference/README.md': indexPage(kinds),
    ...Object.fromEntries(kinds.map((kind) => [`docs/reference/${kind.name}.md`, referencePage(kind)])),
  }
}
