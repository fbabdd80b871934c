import { kinds } from '../../apis/index.ts'
import { specSchema } from '../../derive/schema/spec.ts'
import { compileValidator } from '../../derive/schema/validator.ts'
import type { Validate } from '../../model/validation.ts'

/** The structural validator of a spec. The build puts the compiled one in the place of this module: compiling takes a tenth of a second. */
export const specValidator: Validate = compileValidator(specSchema(kinds))
