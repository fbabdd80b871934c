import type { ErrorObject } from 'ajv'
import type { StructuralError } from '../../model/validation.ts'

/** An error of the validator in the form that the engine reads. */
export function plainError(error: ErrorObject): StructuralError {
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
