import { cidrContains } from '../../model/value/network.ts'
import type { NetworkList } from '../state/policy.ts'
import type { RuleCode } from './rules.ts'
import type { Case, Finding } from './verdict.ts'

/** Whether a rule speaks about a message as a whole. */
export type Check = (by: Case) => Finding | undefined

/** The rules about who signs in, and from where. */
export const LOGIN_CHECKS: readonly (readonly [RuleCode, Check])[] = [
  ['CREDENTIALS', credentials],
  ['API_IP_NOT_LISTED', (by) => (isCall(by) ? notListed(by, by.policy.apiNetworks, 'api') : undefined)],
  ['NO_PERMISSION', permission],
  ['NO_LOGIN', noLogin],
  ['ACCOUNT_CLOSED', closed],
  ['LOGIN_BLOCKED', (by) => (by.message.as.by === 'ip' ? undefined : blocked(by))],
  ['IP_BLOCKED', (by) => (by.message.as.by === 'ip' ? blocked(by) : undefined)],
  ['IP_NOT_LISTED', (by) => (isCall(by) ? undefined : notListed(by, by.policy.smtpNetworks, 'smtp'))],
]

const isCall = ({ message }: Case): boolean => message.as.by === 'key'

function credentials({ message: { as }, login }: Case): Finding | undefined {
  if (as.by === 'ip' || login !== undefined) return undefined
  if (as.by === 'user' && as.isWrong) return { because: `the password of smtpUsers/${as.name} is wrong` }
  const kind = as.by === 'user' ? 'smtpUsers' : 'apiKeys'
  return { because: `there is no ${kind}/${as.name}`, fix: `"${as.name}" under ${kind}` }
}

function permission({ message: { as }, login }: Case): Finding | undefined {
  if (as.by !== 'key' || login?.endpoints === undefined) return undefined
  const covers = (one: string) => one === '*' || one === '/email/send' || one === '/email/*' || one === '/*'
  if (login.endpoints.some(covers)) return undefined
  return {
    because: `apiKeys/${login.name} may not call /email/send`,
    fix: `"/email/send" in the endpoints of apiKeys/${login.name}`,
    source: login.source,
  }
}

function noLogin({ message: { as, ip }, login }: Case): Finding | undefined {
  if (as.by !== 'ip' || login !== undefined) return undefined
  return { because: `nobody signs in, and ${ip ?? 'the address'} has no IP authentication`, fix: 'an SMTP user' }
}

function closed({ policy }: Case): Finding | undefined {
  return policy.closed ? { because: `the subaccount ${policy.scope} is closed`, fix: 'an open subaccount' } : undefined
}

function blocked({ message: { as }, login }: Case): Finding | undefined {
  if (login?.status !== 'blocked') return undefined
  const kind = { user: 'smtpUsers', key: 'apiKeys', ip: 'ipAuth' }[as.by]
  return {
    because: `${kind}/${login.name} is blocked`,
    fix: `status "allowed" of ${kind}/${login.name}`,
    source: login.source,
  }
}

function notListed(by: Case, list: NetworkList, name: string): Finding | undefined {
  const { ip } = by.message
  if (!list.isKnown) by.assumes.push({ what: `ipAllowlist.${name} is off: nothing says otherwise` })
  if (!list.enabled || ip === undefined) return undefined
  if (list.networks.some((network) => cidrContains(network, ip))) return undefined
  return {
    because: `ipAllowlist.${name} is on and lacks ${ip}`,
    fix: `${ip} in ipAllowlist.${name}.entries`,
    source: list.source,
  }
}
