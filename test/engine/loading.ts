import { join } from 'node:path'
import { apis, kinds } from '../../src/apis/index.ts'
import { specSchema } from '../../src/derive/schema/spec.ts'
import { compileValidator } from '../../src/derive/schema/validator.ts'
import type { LoadOptions } from '../../src/engine/documents/options.ts'
import type { World } from '../apis/kinds/world.ts'

const validate = compileValidator(specSchema(kinds))

/** How the one spec file in a world's folder is read. */
export function loading({ folder, emulator: { apiKey, token } }: World): LoadOptions {
  return {
    paths: [join(folder, 'mailconfig.yaml')],
    cwd: folder,
    kinds,
    validate,
    env: { KEY: apiKey, TOKEN: token, SMTP2GO_API_KEY: apiKey, BACKOFFICE_TOKEN: token },
    apis,
  }
}
