import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { specSchema } from '../../derive/json-schema.ts'
import { kinds } from '../../kinds/index.ts'
import { environmentAccounts, regionOf } from '../environment.ts'
import { EXIT, Stop } from '../io.ts'
import type { Invocation } from '../main.ts'
import { printable } from '../text/paint.ts'
import { writeResult } from '../write.ts'
import { exportAccounts } from './export.ts'

const start = (region: string) => `# yaml-language-server: $schema=./mailconfig.schema.json
version: 1

accounts:
  main:
    api: smtp2go
    region: ${region.padEnd(30)}# global, us, eu or au: a key works in its own region only
    apiKey: \${env:SMTP2GO_API_KEY}

manage:
  default: additive                       # never delete what this file does not name

senderDomains:
  - domain: example.com

smtpUsers:
  - username: first-app
    password: \${env:FIRST_APP_PASSWORD}   # secrets are references, never values
    description: The first application
`

/** Writes a first mailconfig.yaml: what a live account has where credentials are given, else a start to change. */
export async function init(invocation: Invocation): Promise<number> {
  const { io, options } = invocation
  const [name = 'mailconfig.yaml'] = options.file
  const path = resolve(io.cwd, name)
  if (existsSync(path) && options.force !== true)
    throw new Stop(`"${name}" is there already`, { hint: '--force writes over it' })
  const accounts = environmentAccounts(io.env, options)
  const isLive = accounts.length > 0 && options.emulator === undefined
  const { text, notes } = isLive
    ? await exportAccounts(accounts, invocation)
    : { text: start(regionOf(io.env, options)), notes: [] }
  writeResult(io, name, text, options.force === true)
  writeResult(
    io,
    join(dirname(name), 'mailconfig.schema.json'),
    `${JSON.stringify(specSchema(kinds), null, 2)}\n`,
    true,
  )
  for (const note of notes) io.stderr.write(`note: ${printable(note)}\n`)
  const from = isLive ? `what ${accounts.map((account) => account.url).join(' and ')} has now` : 'a start to change'
  io.stdout.write(`Wrote ${name} (${from}) and mailconfig.schema.json, which your editor uses.\n`)
  io.stdout.write(
    isLive
      ? 'Next: mailconfig plan\n'
      : 'Next: export FIRST_APP_PASSWORD=… and SMTP2GO_API_KEY=…, then mailconfig plan.\nTo try it without an account: mailconfig plan --emulator, which needs no key.\n',
  )
  return EXIT.ok
}
