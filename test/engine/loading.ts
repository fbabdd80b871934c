import { join } from 'node:path'
import { SMTP2GO_HOSTS } from '../../src/api/smtp2go.ts'
import { specSchema } from '../../src/derive/json-schema.ts'
import { compileValidator } from '../../src/derive/validator.ts'
import type { LoadOptions } from '../../src/engine/load.ts'
import { kinds } from '../../src/kinds/index.ts'
import type { World } from '../kinds/world.ts'

const validate = compileValidator(specSchema(kinds))

/** How the one spec file in a world's folder is read. */
export function loading({ folder, emulator: { apiKey, token } }: World): LoadOptions {
  return {
    paths: [join(folder, 'mailconfig.yaml')],
    cwd: folder,
    kinds,
    validate,
    env: { KEY: apiKey, TOKEN: token, SMTP2GO_API_KEY: apiKey, BACKOFFICE_TOKEN: token },
    defaults: { regions: SMTP2GO_HOSTS },
  }
}
