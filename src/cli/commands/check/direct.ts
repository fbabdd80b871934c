import { apis } from '../../../apis/index.ts'
import { MailError, type MailServer, type MailSession, openSession } from '../../../mail/session.ts'
import type { DesiredObject } from '../../../model/desired/object.ts'
import { type ApiMail, apiNamed } from '../../../model/kind/api.ts'
import { Secret } from '../../../model/secret.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import type { OpenAccounts } from '../../session/accounts.ts'
import { serverAt } from '../../session/mail-server.ts'
import type { Verdict } from './verdict.ts'

/** A server to try, and who signs in there. */
interface Trial {
  readonly account: string
  readonly subject: string
  readonly server: MailServer
  readonly user: string
  /** Undefined where the spec does not have it. */
  readonly password: Secret | undefined
}

const DAY_MS = 86_400_000
/** A certificate that ends sooner is said. */
const SOON_DAYS = 21
/** Servers that are asked at the same time. */
const AT_ONCE = 4

/** Signs in at the server of each provider, and as each SMTP user, where the options ask for it. Sends nothing. */
export async function checkServers(opened: OpenAccounts, invocation: Invocation): Promise<Verdict[]> {
  const trials = trialsOf(opened, invocation)
  const verdicts: Verdict[] = []
  for (let at = 0; at < trials.length; at += AT_ONCE) {
    const some = trials.slice(at, at + AT_ONCE)
    verdicts.push(...(await Promise.all(some.map((one) => ('verdict' in one ? one : tried(one, invocation))))))
  }
  return verdicts
}

function trialsOf({ accounts, connection, spec }: OpenAccounts, { options }: Invocation): (Trial | Verdict)[] {
  return (spec?.objects ?? []).flatMap((object): (Trial | Verdict)[] => {
    const account = accounts.find(({ name }) => name === object.scope.account)
    if (account === undefined || object.state === 'absent') return []
    const { relay, user }: ApiMail = apiNamed(apis, account.api).mail ?? {}
    if (options.direct === true && relay?.kind === object.kind.name) return [relayTrial(object, relay)]
    if (options.passwords !== true || user?.kind !== object.kind.name) return []
    const about = { account: account.name, subject: object.address }
    const known = connection.mailServerOf(account)
    const server =
      options.smtp === undefined ? known && { ...known, encryption: 'tls' as const } : serverAt(options.smtp)
    const password = secretOf(object, user.secret)
    if (server === undefined)
      return [{ ...about, verdict: 'unknown', message: 'its server is not known', hint: 'name it: --smtp HOST:PORT' }]
    if (password === undefined)
      return [{ ...about, verdict: 'unknown', message: 'the spec does not have its password, so it was not tried' }]
    return [{ ...about, server, user: object.key, password }]
  })
}

function relayTrial(object: DesiredObject, { server, secret }: NonNullable<ApiMail['relay']>): Trial {
  const text = (field: string | undefined) => String(object.values[field ?? ''] ?? '')
  const encryption = text(server?.encryption) === 'ssl' ? 'ssl' : 'tls'
  return {
    account: object.scope.account,
    subject: object.address,
    server: { host: text(server?.host), port: Number(text(server?.port)), encryption },
    user: text(server?.user),
    password: secretOf(object, secret),
  }
}

function secretOf({ values }: DesiredObject, field: string | undefined): Secret | undefined {
  const value = field === undefined ? undefined : values[field]
  return value instanceof Secret ? value : undefined
}

async function tried({ account, subject, server, user, password }: Trial, { io }: Invocation): Promise<Verdict> {
  const about = { account, subject: `${subject} at ${server.host}:${server.port}` }
  let session: MailSession | undefined
  try {
    session = await openSession(server)
    const seen = [tlsText(session, io.now()), offersText(session)]
    if (password === undefined)
      return { ...about, verdict: 'unknown', message: [...seen, 'its password is not in the spec'].join('; ') }
    await session.login(user, password)
    const soon = expiry(session, io.now())
    const message = [...seen, `signed in as ${user}`].join('; ')
    return soon === undefined ? { ...about, verdict: 'ok', message } : { ...about, verdict: 'ok', message, hint: soon }
  } catch (error) {
    if (!(error instanceof MailError)) throw error
    const { stage, message, response } = error
    const hint = advice(error, server)
    const what = {
      connect: 'no connection',
      tls: 'no encryption that can be trusted',
      login: `${user} could not sign in`,
      send: 'refused',
    }[stage]
    const verdict = stage === 'connect' && response === undefined && hint === undefined ? 'unknown' : 'failed'
    return { ...about, verdict, message: `${what}: ${message}`, ...(hint === undefined ? {} : { hint }) }
  } finally {
    session?.close()
  }
}

function tlsText({ certificate }: MailSession, now: Date): string {
  if (certificate === undefined) return 'no encryption'
  const days = Math.floor((Date.parse(certificate.validTo) - now.getTime()) / DAY_MS)
  const names = certificate.names.slice(0, 3).join(', ')
  return `${certificate.protocol}, certificate for ${names} for ${days} more ${days === 1 ? 'day' : 'days'}`
}

function expiry({ certificate }: MailSession, now: Date): string | undefined {
  if (certificate === undefined || Date.parse(certificate.validTo) - now.getTime() > SOON_DAYS * DAY_MS)
    return undefined
  return `the certificate ends on ${certificate.validTo.slice(0, 10)}`
}

function offersText({ extensions }: MailSession): string {
  const offered = (pattern: RegExp) => extensions.flatMap((one) => pattern.exec(one)?.[1] ?? [])[0]
  const size = offered(/^SIZE (\d+)$/)
  const auth = offered(/^AUTH (.+)$/)
  const parts = [auth === undefined ? 'no AUTH offered' : `AUTH ${auth}`]
  if (size !== undefined) parts.push(`at most ${Math.round(Number(size) / 1_048_576)} MB`)
  return parts.join(', ')
}

/** What to change where the encryption does not fit the port or the server. */
function advice({ stage, message }: MailError, { port, encryption }: MailServer): string | undefined {
  const { plain = [], encrypted = [] } = apis.find(({ mail }) => mail?.servers !== undefined)?.mail?.servers ?? {}
  if (encryption === 'ssl' && (/TLS from the first byte/.test(message) || (stage !== 'login' && plain.includes(port))))
    return `port ${port} begins without encryption: set "encryption: tls"`
  if (encryption === 'tls' && stage === 'connect' && encrypted.includes(port))
    return `port ${port} speaks TLS from the first byte: set "encryption: ssl"`
  if (encryption === 'tls' && stage === 'tls' && /STARTTLS/i.test(message))
    return 'the server offers no STARTTLS on this port: try port 465 with "encryption: ssl"'
  return undefined
}
