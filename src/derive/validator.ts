import { Ajv, type ErrorObject } from 'ajv'
import type { StructuralError, Validate } from '../model/structure.ts'
import type { JsonSchema } from './json-schema.ts'

/** The one structural validator, made from the same JSON Schema that editors use. */
export function compileValidator(schema: JsonSchema): Validate {
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: true, strictTypes: false, strictRequired: false })
  ajv.addKeyword({ keyword: 'patternErrorMessage', schemaType: 'string' })
  const check = ajv.compile(schema)
  return (document) => (check(document) ? [] : (check.errors ?? []).map(plainError))
}

function plainError(error: ErrorObject): StructuralError {
  return {
    path: error.instancePath,
    schemaPath: error.schemaPath,
    keyword: error.keyword,
    params: error.params,
    schema: error.schema,
    parent: error.parentSchema ?? {},
    data: error.data,
  }
}
