/** What a record is for. */
type RecordPurpose = 'dkim' | 'returnPath' | 'tracking' | 'dmarc'

/** A record that has to be published, its name and target as DNS has them: lower case, ASCII, no dot at the end. */
export interface DnsRecord {
  readonly purpose: RecordPurpose
  readonly name: string
  readonly type: 'CNAME' | 'TXT'
  /** What a CNAME points to, or the text of a TXT record in one piece. */
  readonly value: string
}

/** The records of a sender domain. */
export interface DomainRecords {
  /** In its ASCII form. */
  readonly domain: string
  /** As people write it, where that differs. */
  readonly shown: string
  readonly records: readonly DnsRecord[]
}

/** The longest string of a TXT record (RFC 1035, section 3.3), in octets. */
const LONGEST = 255

/** A text in strings that a TXT record can hold. Letters beyond ASCII are not cut in two. */
export function stringsOf(text: string): string[] {
  const strings: string[] = []
  let string = ''
  for (const letter of text) {
    if (Buffer.byteLength(string + letter) > LONGEST) {
      strings.push(string)
      string = ''
    }
    string += letter
  }
  return [...strings, string]
}
