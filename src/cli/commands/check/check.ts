import { apis, kinds } from '../../../apis/index.ts'
import { read } from '../../../engine/read/read.ts'
import { everything } from '../../../engine/read/wanted.ts'
import { largest } from '../../../model/append.ts'
import type { Account, Spec } from '../../../model/desired/spec.ts'
import { defined, isRecord } from '../../../model/json.ts'
import { type ApiDefinition, apiNamed } from '../../../model/kind/api.ts'
import type { ResourceKind } from '../../../model/kind/kind.ts'
import type { LiveObject } from '../../../model/kind/live-object.ts'
import { ApiError } from '../../../model/wire.ts'
import { EXIT } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { openAccounts } from '../../session/accounts.ts'
import type { Connection } from '../../session/connection.ts'
import { paint, printable } from '../../terminal/paint.ts'
import { checkServers } from './direct.ts'
import { lackedEndpoints, neededEndpoints } from './endpoints.ts'
import type { Verdict } from './verdict.ts'

/** Asks each API whether its credentials work, and each Back Office provider for its status. */
export async function check(invocation: Invocation): Promise<number> {
  const { io, options } = invocation
  const opened = await openAccounts(invocation, () => true, { mail: options.passwords === true })
  if ('code' in opened) return opened.code
  const { accounts, connection, spec } = opened
  try {
    const answers = await Promise.all(accounts.map((one) => checkAccount(one, connection, io.signal, spec)))
    const verdicts = [...answers.flat(), ...(await checkServers(opened, invocation))]
    const width = largest(verdicts.map((one) => one.account.length))
    if (options.format === 'json')
      io.stdout.write(`${JSON.stringify({ formatVersion: '1.0', checks: verdicts }, null, 2)}\n`)
    else io.stdout.write(verdicts.map((one) => line(one, width, invocation)).join(''))
    return verdicts.every((one) => one.verdict === 'ok') ? EXIT.ok : EXIT.failed
  } finally {
    await connection.close()
  }
}

function line(
  { account, subject, verdict, message, hint }: Verdict,
  width: number,
  { io, options }: Invocation,
): string {
  const color = paint(io.stdout, io.env, options.color)
  const word = { ok: color.green('ok     '), failed: color.red('failed '), unknown: color.yellow('unknown') }[verdict]
  return `${word}  ${printable(account).padEnd(width)}  ${printable(subject)}: ${printable(message)}\n${hint === undefined ? '' : `         ${color.cyan(printable(hint))}\n`}`
}

async function checkAccount(
  account: Account,
  connection: Connection,
  signal: AbortSignal,
  spec: Spec | undefined,
): Promise<Verdict[]> {
  const about = { account: account.name, subject: connection.urlOf(account) }
  try {
    const api = apiNamed(apis, account.api)
    const { permissions } = api.check
    if (permissions === undefined) return await checkByList(account, api, connection, signal)
    const answer = await connection.send(account.name, { ...permissions, body: {}, reads: true }, signal)
    const paths = Array.isArray(answer) ? answer.map(String) : []
    const allowed = paths.includes('*') ? 'every endpoint' : `${paths.length} endpoints`
    const works: Verdict = {
      ...about,
      verdict: 'ok',
      message: `the ${api.credential.noun} works and may call ${allowed}`,
    }
    const needs = spec === undefined ? [] : checkEndpoints(spec, account.name, paths)
    return [works, ...needs, ...(await checkLookups(account, api, paths, connection, signal))]
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const { message, hint } = error
    const verdict = error.kind === 'network' || error.kind === 'server' || error.kind === 'rate' ? 'unknown' : 'failed'
    return [{ ...about, verdict, message, ...defined({ hint }) }]
  }
}

/** What the spec needs and the key may not do. A key that only reads is one for plans, and fine as that. */
function checkEndpoints(spec: Spec, account: string, allowed: readonly string[]): Verdict[] {
  const needed = neededEndpoints(spec, account)
  const lacked = lackedEndpoints(needed, allowed)
  const isReader = lacked.filter(({ writes }) => writes).length === needed.filter(({ writes }) => writes).length
  const hint = 'give the key these endpoints in the console, or take the section out of the spec'
  return [...new Set(lacked.map(({ section }) => section))].flatMap((section): Verdict[] => {
    const mine = lacked.filter((one) => one.section === section)
    const paths = mine.filter(({ writes }) => !writes || !isReader).map(({ path }) => path)
    if (paths.length === 0)
      return [{ account, subject: section, verdict: 'ok', message: 'the key can read it but not change it' }]
    const what = mine.some(({ writes }) => !writes) ? 'be planned' : 'be applied as a whole'
    const message = `the key may not call ${paths.join(', ')}, so it cannot ${what}`
    return [{ account, subject: section, verdict: 'failed', message, hint }]
  })
}

/** The lists in which a spec names something: their names and numbers are shown nowhere else but in the console. */
async function checkLookups(
  account: Account,
  api: ApiDefinition,
  allowed: readonly string[],
  connection: Connection,
  signal: AbortSignal,
): Promise<Verdict[]> {
  const lookups = [...new Set(kinds.flatMap((kind) => (kind.api === api ? (kind.lookups ?? []) : [])))]
  const readable = lookups.filter(
    ({ name, calls }) =>
      lackedEndpoints([{ section: name, path: calls.list.path, writes: false }], allowed).length === 0,
  )
  const found = await Promise.all(
    readable.map(async (kind) => ({ kind, objects: await listed(account, kind, connection, signal) })),
  )
  return found.flatMap(({ kind, objects }) =>
    objects.map(({ id, key, values: { addresses } }): Verdict => {
      const from = Array.isArray(addresses) && addresses.length > 0 ? `, ${addresses.join(' ')}` : ', no address'
      return { account: account.name, subject: `${kind.name}/${key}`, verdict: 'ok', message: `number ${id}${from}` }
    }),
  )
}

/** The objects of a kind in an account; none if there is no such list. Throws `ApiError`. */
async function listed(
  account: Account,
  kind: ResourceKind,
  connection: Connection,
  signal: AbortSignal,
): Promise<readonly LiveObject[]> {
  const scope = { account: account.name, subaccount: null }
  const live = await read(everything([scope], [kind]), { kinds: [kind], send: connection.send, signal })
  const collection = live.get(account.name)?.collections.get(kind.name)
  if (collection === undefined) return []
  if (!collection.known) throw collection.error
  return collection.objects
}

/** A credential without a call of its own is tried by listing; where the API can try each object, it does. */
async function checkByList(
  account: Account,
  api: ApiDefinition,
  connection: Connection,
  signal: AbortSignal,
): Promise<Verdict[]> {
  const { each } = api.check
  const kind = kinds.find((one) => one.api === api && (each === undefined || one.name === each.kind))
  if (kind === undefined) return []
  const objects = await listed(account, kind, connection, signal)
  const works: Verdict = {
    account: account.name,
    subject: connection.urlOf(account),
    verdict: 'ok',
    message: `the ${api.credential.noun} works; ${objects.length} ${objects.length === 1 ? kind.title : kind.name}`,
  }
  if (each === undefined) return [works]
  return [
    works,
    ...(await Promise.all(objects.map((one) => checkObject(account, kind, one, each, connection, signal)))),
  ]
}

async function checkObject(
  account: Account,
  kind: ResourceKind,
  { key, id }: LiveObject,
  { call, timeoutMs }: NonNullable<ApiDefinition['check']['each']>,
  connection: Connection,
  signal: AbortSignal,
): Promise<Verdict> {
  const about = { account: account.name, subject: `${kind.name}/${key}` }
  try {
    const path = call.path.replace('{id}', encodeURIComponent(id))
    const request = { method: call.method, path, reads: true, timeout: timeoutMs }
    const answer = await connection.send(account.name, request, signal)
    if (answer === null || answer === undefined || answer === '')
      return { ...about, verdict: 'ok', message: 'the connection is valid' }
    const words = isRecord(answer) ? answer['message'] : undefined
    const said = typeof words === 'string' ? `: ${words.slice(0, 200)}` : ''
    const message = `the API answered with a body, which valid settings do not have${said}`
    return { ...about, verdict: 'unknown', message }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const verdict = error.kind === 'refused' ? 'failed' : 'unknown'
    return { ...about, verdict, message: error.message }
  }
}
