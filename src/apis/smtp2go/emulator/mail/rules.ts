import { holds } from '../../../../emulator/input/ip.ts'
import type { MailRefusal } from '../../../../emulator/world/mail.ts'
import type { Scope } from '../state/scope.ts'
import type { Context } from '../state/world.ts'
import { isOverPlan, isOverRate } from './limits.ts'
import { domainsOf, type Sending } from './sending.ts'

/** Why mail is refused, with the name that docs/reference/who-may-send.md gives the rule. */
export interface RuleRefusal extends MailRefusal {
  readonly rule: string
}

const no = (rule: string, code: number, ...lines: string[]): RuleRefusal => ({ rule, code, lines })

/** A stranger who gives a name and a password. */
export const wrongPassword = no('CREDENTIALS', 535, 'Incorrect authentication data')
/** A stranger who gives none. */
export const noLogin = no('NO_LOGIN', 550, 'Relay access denied - please authenticate')

/** What is said at RCPT TO; `before` recipients of the same message were taken. */
export function refusedRecipient(
  context: Context,
  sending: Sending,
  from: string,
  recipient: string,
  before: number,
): RuleRefusal | undefined {
  const { scope, channel, settings, ip } = sending
  const state = context.world.subaccounts.get(scope.id)?.state ?? 'Active'
  if (state !== 'Active') return no('ACCOUNT_CLOSED', 550, "that SMTP username's account is not allowed to send")
  if (settings.status === 'blocked')
    return channel === 'ip'
      ? no('IP_BLOCKED', 550, 'that IP address is not allowed to send')
      : no('LOGIN_BLOCKED', 550, "that SMTP username's account is not allowed to send")
  const list = scope.ipAllowList.smtp
  if (channel !== 'api' && list.enabled && !holds([...list.entries.keys()], ip))
    return no('IP_NOT_LISTED', 550, 'that IP address on this account is not allowed to send')
  if (from === '' && !context.settings.blankSenders)
    return no('BLANK_SENDER', 550, 'to send email from a blank sender, enable blank senders')
  if (from !== '' && isUnpublished(context, domainPart(from)))
    return no(
      'SENDER_DOMAIN_MISSING',
      550,
      `Verification failed for <${from}>`,
      'Unrouteable address',
      `domain verify fail <${from}>`,
    )
  if (from !== '' && !passesSenderList(scope, from))
    return no(
      'SENDER_LIST',
      550,
      "that SMTP sender is not on your allowed list, You can adjust your list on the 'Restrict Senders' page at https://app.smtp2go.com/",
    )
  const { enabled, entries } = scope.allowedRecipients
  if (enabled && !names(entries, recipient))
    return no('RECIPIENT_LIST', 550, `that recipient <${recipient}> is not on your allowed list`)
  if (isOverRate(context, sending, before))
    return no('LOGIN_RATE', 451, 'that SMTP username has reached its rate limit, try again later')
  if (isOverPlan(context, sending, before))
    return no('QUOTA', 550, 'that account has used up its plan for this billing cycle')
  return undefined
}

/** What is said at the end of DATA: the From header first, then the envelope. */
export function refusedContent(
  context: Context,
  { scope }: Sending,
  from: string,
  header: string,
): RuleRefusal | undefined {
  if (scope.allowedSenders.mode !== 'disabled') return undefined
  const shown = header === '' ? from : header
  const stranger = [shown, from].find((one) => one !== '' && !isVerified(context, scope, one))
  if (stranger === undefined) return undefined
  return no(
    'SENDER_UNVERIFIED',
    550,
    `From header sender domain not verified (${domainPart(stranger)})`,
    'On your Sending > Verified Senders page',
    'verify the sender domain or email to be allowed to send.',
  )
}

function isVerified(context: Context, scope: Scope, address: string): boolean {
  if (scope.singleSenders.get(address.toLowerCase())?.verified) return true
  const wanted = domainPart(address)
  return domainsOf(context, scope).some(({ domain }) => {
    if (!domain.dkim_verified || !domain.rpath_verified) return false
    const name = domain.fulldomain.toLowerCase()
    return wanted === name || (context.settings.verifiedCoversSubdomains && wanted.endsWith(`.${name}`))
  })
}

function passesSenderList({ allowedSenders: { mode, entries } }: Scope, from: string): boolean {
  switch (mode) {
    case 'whitelist':
      return names(entries, from)
    case 'blacklist':
      return !names(entries, from)
    case 'disabled':
      return true
  }
}

/** Whether a list has an address or its domain; it is keyed without regard to letter case. */
function names(list: ReadonlyMap<string, unknown>, address: string): boolean {
  return list.has(address.toLowerCase()) || list.has(domainPart(address))
}

/** A domain for which a list of published names has nothing at all. */
function isUnpublished({ settings }: Context, domain: string): boolean {
  if (!Array.isArray(settings.publishedDns)) return false
  return !settings.publishedDns.some((one) => `.${one.toLowerCase().replace(/\.$/, '')}`.endsWith(`.${domain}`))
}

/** What follows the last `@`, in lower case. */
export function domainPart(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}
