import { Ajv } from 'ajv'
import standalone from 'ajv/dist/standalone/index.js'
import { isRecord, mapEntries } from '../../model/json.ts'
import type { Validate } from '../../model/validation.ts'
import type { JsonSchema } from './json-schema.ts'
import { plainError } from './plain-error.ts'

/** The one structural validator, made from the same JSON Schema that editors use. */
export function compileValidator(schema: JsonSchema): Validate {
  const check = ajv().compile(schema)
  return (document) => (check(document) ? [] : (check.errors ?? []).map(plainError))
}

/** The same validator as the source of a module that needs no compiler, for the build; its export is `validate`. */
export function validatorSource(schema: JsonSchema): string {
  const compiler = ajv(true)
  return standalone.default(compiler, compiler.compile({ ...bare(schema), $id: 'check' }))
}

/** A schema without what it tells people: every start loads it. A property that is called `description` is a schema, and stays. */
function bare(schema: JsonSchema): JsonSchema {
  const inner = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inner)
    return isRecord(value) ? bare(value) : value
  }
  const told = Object.entries(schema).filter(([name, value]) => name !== 'description' || typeof value !== 'string')
  return mapEntries(Object.fromEntries(told), inner)
}

function ajv(source = false): Ajv {
  const made = new Ajv({
    allErrors: true,
    verbose: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    validateSchema: source, // the schema is ours, and checked in the build: at run time that would take most of the time
    ...(source ? { code: { source: true, esm: true } } : {}),
  })
  made.addKeyword({ keyword: 'patternErrorMessage', schemaType: 'string' })
  return made
}
