import { openStore } from '../../src/ledger/stores/open.ts'
import { LedgerError } from '../../src/ledger/stores/store.ts'

/*
 * A process of its own that tries to take a lease; run by conformance.ts with the ledger, the id and the expiry. It says
 * "ready", waits for a line, tries, and says how it went. It ends without releasing.
 */
const [url = '', id = '', expires = ''] = process.argv.slice(2)
const store = await openStore(url, { cwd: process.cwd(), env: process.env })
await store.names()
process.stdout.write('ready\n')
await new Promise((go) => process.stdin.once('data', go))
try {
  await store.lock(['main'], { id, owner: id, command: 'apply', since: '', expires }, new Date())
  process.stdout.write('won\n')
} catch (error) {
  const said = error instanceof LedgerError ? `${error.code}: ${error.message}` : String(error)
  process.stdout.write(`${said}\n`)
}
process.exit(0)
