import type { DesiredObject } from '../../model/desired/object.ts'
import { isRecord } from '../../model/json.ts'
import { revealed } from '../../model/secret.ts'
import type { Around, LintFinding } from './finding.ts'

/** Everything that mail is sent with: SMTP users, API keys, addresses without a login. */
export function loginsIn({ of }: Pick<Around, 'of'>): readonly DesiredObject[] {
  return [...of('smtpUsers'), ...of('apiKeys'), ...of('ipAuth')]
}

/** What is odd about logins. */
export function loginFindings(around: Around): LintFinding[] {
  const used = providerLogins(around)
  return loginsIn(around).flatMap((object) => [
    ...powers(object),
    ...tracking(object, around),
    ...bulk(object),
    ...sandbox(object, used),
  ])
}

/** What somebody could do who has stolen the password or the key. */
function powers(object: DesiredObject): LintFinding[] {
  const { kind, values } = object
  const isKey = kind.name === 'apiKeys'
  const endpoints = values['endpoints']
  const found: LintFinding[] = []
  if (isKey && Array.isArray(endpoints) && endpoints.some(isEverything)) {
    const message = 'this key may call every endpoint'
    found.push({ code: 'KEY_CAN_DO_ALL', object, path: ['endpoints'], message })
  }
  const sends = isSending(values['status']) && (!isKey || maySend(endpoints))
  if (sends && !isRecord(values['rateLimit'])) {
    const message = `this ${kind.title} may send as much as the account: it has no rate limit`
    const path = values['rateLimit'] === undefined ? [] : ['rateLimit']
    found.push({ code: isKey ? 'KEY_UNLIMITED' : 'USER_UNLIMITED', object, path, message })
  }
  return found
}

function isEverything(endpoint: unknown): boolean {
  return endpoint === '*' || endpoint === '/*'
}

/** What is left out is allowed, or what it is already. */
function isSending(status: unknown): boolean {
  return status !== 'blocked' && status !== 'sandbox'
}

const SENDING = ['/email/send', '/email/mime', '/email/batch']

/** True if a key with these endpoints may send mail; one without any may. */
function maySend(endpoints: unknown): boolean {
  if (!Array.isArray(endpoints)) return true
  return endpoints.map(String).some((one) => {
    const start = one.endsWith('*') ? one.slice(0, -1) : undefined
    return SENDING.some((path) => (start === undefined ? path === one : path.startsWith(start)))
  })
}

function tracking(object: DesiredObject, { sendersFor }: Around): LintFinding[] {
  const { domains, isDeclared, isOpen } = sendersFor(object)
  const field = ['clickTracking', 'openTracking'].find((name) => object.values[name] === true)
  if (field === undefined || !isDeclared || isOpen || domains.size > 0) return []
  const what = field === 'clickTracking' ? 'clicks' : 'opens'
  const message = `${what} are counted through a domain of the service: no sender domain brings one of your own`
  return [{ code: 'TRACKING_WITHOUT_TRACKER', object, path: [field], message }]
}

const BULK =
  /(?<![a-z])(?:newsletters?|marketing|campaigns?|bulk|promos?|promotions?|promotional|mailings?|broadcasts?)(?![a-z])/i

function bulk(object: DesiredObject): LintFinding[] {
  const { key, values } = object
  const [word] = BULK.exec(`${key} ${String(values['description'] ?? '')}`) ?? []
  const footer = values['unsubscribeFooter']
  const hasLink =
    isRecord(footer) && Object.values(footer).some((text) => String(revealed(text)).includes('%%UNSUBSCRIBE%%'))
  if (word === undefined || hasLink || values['status'] === 'blocked') return []
  const message = `"${word}" looks like bulk mail, and it carries no unsubscribe link`
  return [
    { code: 'BULK_WITHOUT_UNSUBSCRIBE', object, path: footer === undefined ? [] : ['unsubscribeFooter'], message },
  ]
}

const PRODUCTION = /(?<![a-z])prod(?:uction)?(?![a-z])/i

function sandbox(object: DesiredObject, used: ReadonlyMap<unknown, DesiredObject>): LintFinding[] {
  if (object.values['status'] !== 'sandbox') return []
  const { scope, key, kind } = object
  const name = [key, scope.subaccount, scope.account].find((one) => one !== null && PRODUCTION.test(one))
  const provider = kind.name === 'smtpUsers' ? used.get(key) : undefined
  if (name === undefined && provider === undefined) return []
  const why = name === undefined ? `the provider "${provider?.key ?? ''}" logs in with it` : `"${name}" is production`
  return [
    {
      code: 'SANDBOX_IN_PRODUCTION',
      object,
      path: ['status'],
      message: `mail that is sent with this ${kind.title} is accepted and discarded, and ${why}`,
    },
  ]
}

/** The logins of providers through which mail goes. */
function providerLogins({ of }: Around): ReadonlyMap<unknown, DesiredObject> {
  return new Map(
    of('providers')
      .filter(({ values }) => values['enabled'] !== false)
      .map((provider) => [provider.values['username'], provider]),
  )
}
