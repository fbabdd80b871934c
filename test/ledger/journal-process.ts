import { dirname } from 'node:path'
import { apis, kinds } from '../../src/apis/index.ts'
import { sender } from '../../src/apis/sender.ts'
import { delivery } from '../../src/cli/delivery/destination.ts'
import { specSchema } from '../../src/derive/schema/spec.ts'
import { compileValidator } from '../../src/derive/schema/validator.ts'
import { load } from '../../src/engine/load.ts'
import { carryOut, prepare } from '../../src/engine/reconcile.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import { openFile } from '../../src/ledger/stores/file.ts'
import { Secret } from '../../src/model/secret.ts'

/*
 * An apply in a process of its own, for a test that kills it; run by journal.test.ts with the spec and the ledger. Its
 * environment has the address and the key of the emulator.
 */
const [spec = '', ledger = ''] = process.argv.slice(2)
const { URL: url = '', KEY: key = '' } = process.env
const now = () => new Date()
const cwd = dirname(spec)
const loaded = await load({
  paths: [spec],
  cwd,
  kinds,
  validate: compileValidator(specSchema(kinds)),
  env: process.env,
  apis,
})
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
const credential = new Secret(key)
const wire = sender([{ name: 'main', api: 'smtp2go', url, credential }], { limits: { perSecond: 100_000 } })
const run = { kinds, send: wire.send }
const book = await openLedger(openFile(ledger, { cwd, now }), [...loaded.spec.accounts.values()], { kinds, now })
const planned = await prepare(
  loaded.spec,
  { ...run, remember: book.remember },
  { accept: [], runnerAddresses: [], usesCredential: () => false },
)
if (!planned.ok) throw new Error(JSON.stringify(planned.problems))
await carryOut(planned.plan, {
  ...run,
  delivery: delivery({ cwd, exec: () => '' }),
  parallelism: 1,
  sleep: async () => undefined,
  journal: book.journal({ command: 'apply', by: 'a dying runner', mailconfig: '0.0.0', specHash: 'sha256:0' }),
})
await wire.close()
