import { canonicalDomain } from '../../model/value/formats.ts'
import { canonicalCidr } from '../../model/value/network.ts'
import { parsePeriod, wirePeriod } from '../../model/value/period.ts'
import type { FunctionSchema, Value } from '../protocol/plugin.ts'

type Answer = { readonly result: Value } | { readonly error: string; readonly argument?: number }

/** A function of the provider. */
interface ProviderFunction {
  readonly schema: FunctionSchema
  call(args: readonly Value[]): Answer
}

const text = (name: string, description: string) => ({ name, type: 'string' as const, description })

/** The functions that a configuration can call as `provider::mailconfig::…`. */
export const functions: Readonly<Record<string, ProviderFunction>> = {
  dns_records: {
    schema: {
      summary: 'The DNS records of a sender domain',
      description:
        'The three CNAME records that a sender domain needs, as `{ name, type, value }`, ready for a DNS resource.',
      parameters: [
        text('domain', 'The domain.'),
        text('dkim_selector', 'Its `dkim_selector`.'),
        text('return_path', 'Its `return_path`.'),
        text('tracking', 'Its `tracking`.'),
      ],
      returns: ['list', ['map', 'string']],
    },
    call: ([domain, selector, returnPath, tracking]) => {
      const name = canonicalDomain(String(domain))
      if (name === undefined) return { error: `"${String(domain)}" is not a domain`, argument: 0 }
      const record = (label: string, value: string) => ({ name: `${label}.${name}`, type: 'CNAME', value })
      return {
        result: [
          record(`${String(selector)}._domainkey`, 'dkim.smtp2go.net'),
          record(String(returnPath), 'return.smtp2go.net'),
          record(String(tracking), 'track.smtp2go.net'),
        ],
      }
    },
  },
  normalize_cidr: {
    schema: {
      summary: 'A network in its one form',
      description: 'An address or network as it is compared and sent: `10.0.0.1/32` is `10.0.0.1`, IPv6 is compressed.',
      parameters: [text('cidr', 'An IP address or a network without host bits.')],
      returns: 'string',
    },
    call: ([cidr]) => {
      const one = canonicalCidr(String(cidr))
      return one === undefined
        ? { error: `"${String(cidr)}" is not an IP address or a network without host bits`, argument: 0 }
        : { result: one }
    },
  },
  normalize_domain: {
    schema: {
      summary: 'A domain in its one form',
      description: 'A domain in lower case, an international one as punycode.',
      parameters: [text('domain', 'The domain.')],
      returns: 'string',
    },
    call: ([domain]) => {
      const one = canonicalDomain(String(domain))
      return one === undefined ? { error: `"${String(domain)}" is not a domain`, argument: 0 } : { result: one }
    },
  },
  normalize_period: {
    schema: {
      summary: 'A period in its one form',
      description: 'A period as it is sent: `60 minutes` is `1 hour`.',
      parameters: [text('period', 'A number of minutes, hours, days, weeks or months, or hh:mm:ss.')],
      returns: 'string',
    },
    call: ([period]) => {
      const seconds = parsePeriod(String(period))
      return seconds === undefined
        ? { error: `"${String(period)}" is not a period`, argument: 0 }
        : { result: wirePeriod(seconds) }
    },
  },
}
