import { dirname, resolve } from 'node:path'
import { apis } from '../../../apis/index.ts'
import { sender } from '../../../apis/sender.ts'
import type { MailServer } from '../../../mail/session.ts'
import type { DesiredObject } from '../../../model/desired/object.ts'
import type { Account, Spec } from '../../../model/desired/spec.ts'
import { readText } from '../../../model/files/text-file.ts'
import { isRecord } from '../../../model/json.ts'
import { type ApiMail, apiNamed } from '../../../model/kind/api.ts'
import { Secret } from '../../../model/secret.ts'
import type { CallAccount } from '../../../model/traffic/traffic.ts'
import { Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { VERSION } from '../../invocation/version.ts'
import { serverAt } from '../../session/mail-server.ts'
import type { TrafficAccount, TrafficRun } from '../../traffic/accounts.ts'

/** What is open: the spec, and the accounts unless a provider is meant. */
export type SendRun = Omit<TrafficRun, 'connection'> & { readonly connection?: TrafficRun['connection'] }

/** How a message gets to the service. */
export type Route =
  | { readonly by: 'api'; readonly account: TrafficAccount; readonly call: CallAccount; readonly title: string }
  | {
      readonly by: 'smtp'
      /** Where the events of the message are; undefined for a server of somebody else. */
      readonly account: TrafficAccount | undefined
      readonly server: MailServer
      readonly user: string
      readonly password: Secret
      readonly title: string
    }

/** The way that the options choose. Throws `Stop`. */
export function routeOf(run: SendRun, invocation: Invocation): Route {
  const { user, key, provider, via } = invocation.options
  const given = Object.entries({ '--user': user, '--key': key, '--provider': provider }).filter(([, one]) => one)
  if (given.length > 1) throw new Stop(`${given.map(([name]) => name).join(' and ')} do not go together`)
  if (provider !== undefined && via !== 'api') return byProvider(provider, run, invocation)
  if (user !== undefined && via !== 'api') return byUser(user, run, invocation)
  if (via === 'smtp') throw new Stop('--via smtp needs --user or --provider')
  if (user !== undefined || provider !== undefined)
    throw new Stop('an SMTP user or a provider cannot send by the API', { hint: 'leave --via off' })
  return byApi(key, run, invocation)
}

function byApi(key: string | undefined, run: SendRun, invocation: Invocation): Route {
  if (key === undefined) {
    const account = onlyAccount(run)
    return { by: 'api', account, call: account.call, title: `by the API of ${account.name}` }
  }
  const { object, account } = found(run, 'key', key)
  const credential = savedSecret(object, invocation)
  if (credential === undefined)
    throw new Stop(`nobody has the key "${key}": its entry saves it to no file that is here`, {
      hint: 'give its entry saveTo: { file: … }',
    })
  const { api } = account.account
  const url = run.connection?.urlOf(account.account) ?? account.account.url
  const line = sender([{ name: account.name, api, url, credential }], { userAgent: `mailconfig/${VERSION}` })
  const call: CallAccount = (request) => line.send(account.name, request, invocation.io.signal)
  return { by: 'api', account, call, title: `by the API of ${account.name}, with the key "${key}"` }
}

function byUser(name: string, run: SendRun, invocation: Invocation): Route {
  const { object, account, login } = found(run, 'user', name)
  const password = passwordOf(object, login.secret, invocation)
  const known = run.connection?.mailServerOf(account.account)
  const server = chosenServer(known, invocation, object.address)
  return { by: 'smtp', account, server, user: name, password, title: `${name} at ${server.host}:${server.port}` }
}

function byProvider(name: string, { spec }: SendRun, invocation: Invocation): Route {
  for (const object of spec?.objects ?? []) {
    const { relay } = mailOf(spec, object)
    if (relay?.server === undefined || object.kind.name !== relay.kind || object.key !== name) continue
    const text = (field: string) => String(object.values[field] ?? '')
    const { host, port, encryption, user } = relay.server
    const own: MailServer = {
      host: text(host),
      port: Number(text(port)),
      encryption: text(encryption) === 'ssl' ? 'ssl' : 'tls',
    }
    const server = invocation.options.smtp === undefined ? own : chosenServer(undefined, invocation, object.address)
    const password = passwordOf(object, relay.secret, invocation)
    const title = `${object.address} at ${server.host}:${server.port}`
    return { by: 'smtp', account: undefined, server, user: text(user), password, title }
  }
  throw new Stop(`the spec has no provider "${name}"`)
}

function mailOf(spec: Spec | undefined, { scope }: DesiredObject): ApiMail {
  const account: Account | undefined = spec?.accounts.get(scope.account)
  return (account === undefined ? undefined : apiNamed(apis, account.api).mail) ?? {}
}

/** The login of that name in the spec, and the account whose it is. */
function found({ spec, accounts }: SendRun, what: 'user' | 'key', name: string) {
  for (const object of spec?.objects ?? []) {
    const login = mailOf(spec, object)[what]
    const account = accounts.find((one) => one.name === object.scope.account)
    if (login?.kind !== object.kind.name || object.key !== name || account === undefined) continue
    return { object, account, login }
  }
  throw new Stop(`the spec has no ${what === 'user' ? 'SMTP user' : 'API key'} "${name}"`, {
    hint: 'the secret of a login is in the spec, or in the file that its entry saves it to',
  })
}

function onlyAccount({ accounts }: SendRun): TrafficAccount {
  const [only, second] = accounts
  if (only !== undefined && second === undefined) return only
  throw new Stop('several accounts could send it', {
    hint: `choose one with --account: ${accounts.map(({ name }) => name).join(', ')}`,
  })
}

function passwordOf(object: DesiredObject, field: string | undefined, invocation: Invocation): Secret {
  const value = field === undefined ? undefined : object.values[field]
  const password = value instanceof Secret ? value : savedSecret(object, invocation)
  if (password !== undefined) return password
  throw new Stop(`nobody has the password of ${object.address}`, {
    hint: 'give it in the spec, or let its entry save it: saveTo: { file: … }',
  })
}

/** The secret in the file that an entry saves it to. */
function savedSecret({ values, source }: DesiredObject, { io }: Invocation): Secret | undefined {
  const target = isRecord(values['saveTo']) ? values['saveTo']['file'] : undefined
  if (typeof target !== 'string') return undefined
  const read = readText(resolve(io.cwd, dirname(source.file), target))
  const text = read.ok ? read.text.trim() : ''
  return text === '' ? undefined : new Secret(text)
}

function chosenServer(
  known: { readonly host: string; readonly port: number } | undefined,
  { options: { smtp } }: Invocation,
  address: string,
): MailServer {
  if (smtp === undefined) {
    if (known !== undefined) return { ...known, encryption: 'tls' }
    throw new Stop(`it is not known where ${address} hands its mail in`, { hint: 'name the server: --smtp HOST:PORT' })
  }
  return serverAt(smtp)
}
