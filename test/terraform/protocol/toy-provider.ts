import { serve, thisProcess } from '../../../src/terraform/server/serve.ts'
import { toyPlugin } from './toy.ts'

const debug = process.argv.includes('--debug') ? { provider: 'registry.terraform.io/mailconfig/mailconfig' } : undefined
process.exit(await serve(toyPlugin(), thisProcess('1.0.0', debug)))
