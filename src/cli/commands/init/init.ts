import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { apis, kinds } from '../../../apis/index.ts'
import { smtp2goApi } from '../../../apis/smtp2go/api.ts'
import { specSchema } from '../../../derive/schema/spec.ts'
import { type MissingSecret, missingSecrets } from '../../../engine/export/missing-secrets.ts'
import { formatScope, type Scope } from '../../../model/address.ts'
import type { Account } from '../../../model/desired/spec.ts'
import { readText } from '../../../model/files/text-file.ts'
import { apiNamed } from '../../../model/kind/api.ts'
import type { Live } from '../../../model/run/live.ts'
import { writeResult } from '../../files/write.ts'
import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import type { Io } from '../../invocation/io.ts'
import type { Options } from '../../options/vocabulary.ts'
import { exportAccounts } from '../../runs/export-run.ts'
import { chosenAccounts, environmentAccounts, environmentWords, regionOf } from '../../session/environment.ts'
import { printable, printableLines } from '../../terminal/paint.ts'

/** No more secrets are listed. */
const MOST_SECRETS = 20

const start = (region: string) => `# yaml-language-server: $schema=./mailconfig.schema.json
version: 1

accounts:
  main:
    api: smtp2go
    region: ${region.padEnd(30)}# global, us, eu or au: a key works in its own region only
    apiKey: \${env:${smtp2goApi.credential.env}}

manage:
  default: additive                       # never delete what this file does not name

senderDomains:
  - domain: example.com

smtpUsers:
  - username: first-app
    password: \${env:FIRST_APP_PASSWORD}   # secrets are references, never values
    description: The first application
    rateLimit: { messages: 500, per: 1 hour }
`

/** Writes a first mailconfig.yaml: what a live account has where credentials are given, else a start to change. */
export async function init(invocation: Invocation): Promise<number> {
  const { io, options } = invocation
  const [name = 'mailconfig.yaml'] = options.file
  const path = resolve(io.cwd, name)
  if (existsSync(path) && options.force !== true)
    throw new Stop(`"${name}" already exists`, { hint: '--force overwrites it' })
  if (options.emulator !== undefined || environmentAccounts(io.env, options).length === 0) refuseChoice(options)
  const accounts = chosenAccounts(environmentAccounts(io.env, options), options)
  const found =
    accounts.length > 0 && options.emulator === undefined
      ? await exportAccounts(accounts, invocation, undefined, undefined, 'vital')
      : undefined
  writeResult(io, name, found?.text ?? start(regionOf(smtp2goApi.place, io.env, options)), options.force === true)
  writeResult(
    io,
    join(dirname(name), 'mailconfig.schema.json'),
    `${JSON.stringify(specSchema(kinds), null, 2)}\n`,
    true,
  )
  for (const note of found?.notes ?? []) io.stderr.write(`note: ${printable(note)}\n`)
  const from =
    found === undefined ? 'a start to change' : `what ${accounts.map(({ url }) => url).join(' and ')} has now`
  if (found !== undefined) io.stdout.write(counts(found.scopes, found.live))
  io.stdout.write(`Wrote ${name} (${from}) and mailconfig.schema.json, which your editor uses.\n`)
  const text = found === undefined ? '' : variables(accounts, missingSecrets(found.scopes, found.live, kinds))
  if (text !== '') io.stderr.write(`\n${printableLines(text)}\n`)
  io.stdout.write(ignored(io))
  io.stdout.write(
    found === undefined
      ? `Next: export FIRST_APP_PASSWORD=… and ${smtp2goApi.credential.env}=…, then mailconfig plan.\nTo try it without an account: mailconfig plan --emulator, which needs no key.\n`
      : 'Next: mailconfig plan, which says "Nothing to do."; then commit the files, and change them from now on.\n',
  )
  return EXIT.ok
}

/** Without a live account there is nothing to choose from. */
function refuseChoice({ account, only, exclude, subaccounts, allFields }: Options): void {
  for (const [flag, given] of [
    ['--account', account.length > 0],
    ['--only', only.length > 0],
    ['--exclude', exclude.length > 0],
    ['--subaccounts', subaccounts === true],
    ['--all-fields', allFields === true],
  ] as const)
    if (given)
      throw new Stop(`"${flag}" selects what is read from a live account, but no credentials are set`, {
        hint: `set ${environmentWords()}`,
      })
}

/** What was read, by account and section. */
function counts(scopes: readonly Scope[], live: Live): string {
  return scopes
    .map((scope) => {
      const sections = [...(live.get(formatScope(scope))?.collections ?? [])].flatMap(([kind, collection]) => {
        const count = collection.known ? collection.objects.filter((one) => !one.dormant).length : 0
        if (count === 0) return []
        return [kinds.some((one) => one.name === kind && one.singleton !== undefined) ? kind : `${count} ${kind}`]
      })
      return `Read ${printable(formatScope(scope))}: ${sections.join(', ') || 'nothing is there yet'}.\n`
    })
    .join('')
}

/** The variables of the environment that the spec needs, and those that it needs to manage what no API shows. */
function variables(accounts: readonly Account[], secrets: readonly MissingSecret[]): string {
  const needed = accounts.map(({ api, name }) => `${apiNamed(apis, api).credential.env}=   # ${name}`)
  const lines = secrets.map(({ address, path, variable }) => `${variable}=   # ${address}: ${path}`)
  const more = lines.length > MOST_SECRETS ? [`# … and ${lines.length - MOST_SECRETS} more`] : []
  const head = '# Secrets cannot be read. To manage one, write it into its entry as ${env:NAME} and set the variable.'
  return [
    '# Needed in the environment; a file .env with these lines stays out of Git.',
    ...needed,
    ...(lines.length === 0 ? [] : [head, ...lines.slice(0, MOST_SECRETS), ...more]),
  ].join('\n')
}

/** What Git should not see and does not ignore yet. */
function ignored(io: Io): string {
  const path = resolve(io.cwd, '.gitignore')
  const read = existsSync(path) ? readText(path) : undefined
  const known = read?.ok === true ? read.text.split(/\r?\n/).map((line) => line.trim().replace(/^\/|\/$/g, '')) : []
  const missing = ['.env', '.mailconfig/', 'secrets/'].filter((one) => !known.includes(one.replace(/\/$/, '')))
  return missing.length === 0 ? '' : `Add to .gitignore: ${missing.join(' ')}\n`
}
