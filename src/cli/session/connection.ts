import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { apis } from '../../apis/index.ts'
import { type Sender, sender } from '../../apis/sender.ts'
import { proxyFor } from '../../http/proxy.ts'
import type { Account, Spec } from '../../model/desired/spec.ts'
import { apiNamed } from '../../model/kind/api.ts'
import { Secret } from '../../model/secret.ts'
import { isLoopbackUrl } from '../../model/value/loopback.ts'
import { sentSecrets } from '../../model/value/secrets.ts'
import { Stop } from '../invocation/exit.ts'
import type { Invocation } from '../invocation/invocation.ts'
import { VERSION } from '../invocation/version.ts'
import { logOf } from '../observe/log.ts'
import { openEmulator } from './open-emulator.ts'

/** The APIs of a run: the real ones, or emulators inside this process. */
export interface Connection extends Sender {
  /** True if a text is the credential of an account, or the short form of it that the API shows. */
  readonly usesCredential: (account: string, text: string) => boolean
  /** The addresses that calls come from, as far as this machine can tell. */
  readonly runnerAddresses: readonly string[]
  /** What an account is called with; nobody prints it. */
  readonly credentialOf: (account: string) => Secret | undefined
  /** Where each account really is. */
  readonly urlOf: (account: Account) => string
  /** Where mail of an account is handed in; undefined where that is not known. An emulator in this process takes mail only if `ConnectionNeeds` say so. */
  readonly mailServerOf: (account: Account) => MailAddress | undefined
}

/** A submission server that begins plain and offers STARTTLS. */
interface MailAddress {
  readonly host: string
  readonly port: number
}

/** What else is wanted of a connection. */
export interface ConnectionNeeds {
  /** Emulators in this process take mail over SMTP. */
  readonly mail?: boolean
}

/** Calls per second where `--max-rps` does not say; nobody is bothered on loopback. */
const REMOTE_RPS = 50
const LOOPBACK_RPS = 100_000

interface Endpoint {
  readonly url: string
  readonly credential: Secret
  readonly mail?: MailAddress
  readonly close?: () => Promise<void>
}

/** Connects to the accounts of a spec, whose secrets no error repeats; one without a credential is said before any call. */
export async function connectTo(
  accounts: readonly Account[],
  invocation: Invocation,
  spec?: Spec,
  needs: ConnectionNeeds = {},
): Promise<Connection> {
  const { io, options } = invocation
  invocation.watch.phase('read')
  const endpoints =
    options.emulator === undefined
      ? new Map(accounts.map((account) => [account.name, real(account)]))
      : await emulated(accounts, options.emulator === '' ? undefined : resolve(io.cwd, options.emulator), needs)
  const local = [...endpoints.values()].every(({ url }) => isLoopbackUrl(url))
  const perSecond = options.maxRps ?? (local ? LOOPBACK_RPS : REMOTE_RPS)
  const wire = sender(
    accounts.map(({ name, api, url, login }) => {
      const endpoint = endpoints.get(name)
      const place = endpoint?.url ?? url
      const proxy = options.emulator === undefined ? proxyFor(place, io.env) : undefined // it is in this process
      const way = proxy === undefined ? {} : { proxy }
      const signIn = login === undefined || options.emulator !== undefined ? {} : { login }
      return { name, api, url: place, credential: endpoint?.credential ?? new Secret(''), ...way, ...signIn }
    }),
    {
      userAgent: `mailconfig/${VERSION}`,
      limits: { concurrency: options.parallelism, perSecond },
      onCall: logOf(invocation).call,
      known: (spec?.objects ?? []).flatMap(({ kind, values }) => [...sentSecrets(kind.fields, values).values()]),
    },
  )
  return {
    ...wire,
    usesCredential: (account, text) => {
      const secret = endpoints.get(account)?.credential.reveal() ?? ''
      return text.length >= 16 && (secret === text || secret.startsWith(text))
    },
    credentialOf: (account) => endpoints.get(account)?.credential,
    runnerAddresses: [...options.runnerIp, ...(local ? ['127.0.0.1', '::1'] : io.addresses())],
    urlOf: (account) => endpoints.get(account.name)?.url ?? account.url,
    mailServerOf: (account) =>
      options.emulator === undefined ? mailServerOf(account) : endpoints.get(account.name)?.mail,
    close: async () => {
      await wire.close()
      await Promise.all([...endpoints.values()].map((endpoint) => endpoint.close?.()))
    },
  }
}

function real(account: Account): Endpoint {
  const { name, api, url, credential } = account
  if (credential !== undefined) return { url, credential }
  const { field: word, env: variable } = apiNamed(apis, api).credential
  throw new Stop(`the account "${name}" has no ${word}, so ${url} cannot be called`, {
    hint: `write "${word}: \${env:${variable}}" under accounts: ${name}:, or try it with --emulator`,
  })
}

function addressOf(text: string): MailAddress {
  const at = text.lastIndexOf(':')
  return { host: text.slice(0, at), port: Number(text.slice(at + 1)) }
}

/** The server of the region whose API the account has. */
function mailServerOf({ api, url }: Account): MailAddress | undefined {
  const { place, mail } = apiNamed(apis, api)
  const region = Object.entries(place.regions ?? {}).find(([, base]) => base === url)?.[0]
  const host = region === undefined ? undefined : mail?.servers?.regions[region]
  const [port] = mail?.servers?.plain ?? []
  return host === undefined || port === undefined ? undefined : { host, port }
}

/** One emulator serves the first account of each API; every other account has its own, and a file beside the first. */
async function emulated(
  accounts: readonly Account[],
  data: string | undefined,
  { mail = false }: ConnectionNeeds,
): Promise<Map<string, Endpoint>> {
  const ports = mail ? { smtpPort: 0 } : {}
  const open = (file: string | undefined) => openEmulator(file === undefined ? ports : { ...ports, data: file })
  const shared = await open(data)
  const endpoints = new Map<string, Endpoint>()
  for (const { name, api } of accounts) {
    const own = data?.replace(/(\.\w+)?$/, (end) => `.${name}${end}`)
    const isFirst = accounts.find((one) => one.api === api)?.name === name
    // Among all accounts of the spec it may be another one: a file of its own says so.
    const isShared = isFirst && (own === undefined || !existsSync(own))
    const emulator = isShared ? shared : await open(own)
    const { url = '', credential = '' } = emulator.endpoints[api] ?? {}
    endpoints.set(name, {
      url,
      credential: new Secret(credential),
      ...(emulator.smtp === undefined ? {} : { mail: addressOf(emulator.smtp) }),
      close: () => emulator.close(),
    })
  }
  return endpoints
}
