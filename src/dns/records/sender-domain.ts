import type { Values } from '../../model/kind/field.ts'
import { asciiName, shownName } from '../names/name.ts'
import type { DnsRecord, DomainRecords } from './record.ts'

/** What the service answers for where it does not say what it expects; seen live, see docs/emulator.md. */
const USUAL = { dkim: 'dkim.smtp2go.net', returnPath: 'return.smtp2go.net', tracking: 'track.smtp2go.net' } as const

/** One of the records that every sender domain needs. */
type SenderRecord = DnsRecord & { readonly type: 'CNAME'; readonly purpose: 'dkim' | 'returnPath' | 'tracking' }

/** The records that a sender domain of an account needs, from the values that were read of it. */
export function senderRecords(domain: string, values: Values): readonly SenderRecord[] {
  const text = (field: string, usual: string) => {
    const value = values[field]
    return asciiName(typeof value === 'string' && value !== '' ? value : usual)
  }
  const plain = asciiName(domain)
  const link = text('trackingDomain', `${text('tracking', 'link')}.${plain}`)
  return [
    cname('dkim', `${text('dkimSelector', '')}._domainkey.${plain}`, text('dkimExpected', USUAL.dkim)),
    cname('returnPath', `${text('returnPath', '')}.${plain}`, text('returnPathExpected', USUAL.returnPath)),
    cname('tracking', link, text('trackingExpected', USUAL.tracking)),
  ]
}

function cname(purpose: SenderRecord['purpose'], name: string, value: string): SenderRecord {
  return { purpose, name, type: 'CNAME', value }
}

/** The same with a DMARC record, which asks receivers for nothing yet: a suggestion for a domain that has none. */
export function suggestedRecords(domain: string, values: Values): DomainRecords {
  const plain = asciiName(domain)
  const dmarc: DnsRecord = { purpose: 'dmarc', name: `_dmarc.${plain}`, type: 'TXT', value: 'v=DMARC1; p=none' }
  return { domain: plain, shown: shownName(plain), records: [...senderRecords(domain, values), dmarc] }
}
