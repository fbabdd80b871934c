import { type DnsRecord, type DomainRecords, stringsOf } from '../records/record.ts'
import { headingOf, noteOn, TTL } from './notes.ts'
import { quotedStrings } from './zone.ts'

/** A provider of Terraform: the resource of a record, what it calls its zone, and how it writes values. */
interface TerraformDialect {
  readonly resource: string
  readonly zone: string
  readonly fields: (record: DnsRecord) => readonly (readonly [name: string, value: string])[]
}

const DIALECTS = {
  'terraform-route53': {
    resource: 'aws_route53_record',
    zone: 'zone_id',
    fields: ({ name, type, value }) => [
      ['name', hcl(name)],
      ['type', hcl(type)],
      ['ttl', `${TTL}`],
      // The provider puts quotes around a text; between two strings of one record they are written here.
      ['records', `[${hcl(type === 'CNAME' ? value : stringsOf(value).map(escapedQuotes).join('""'))}]`],
    ],
  },
  'terraform-cloudflare': {
    resource: 'cloudflare_dns_record',
    zone: 'zone_id',
    fields: ({ name, type, value }) => [
      ['name', hcl(name)],
      ['type', hcl(type)],
      ['content', hcl(type === 'CNAME' ? value : quotedStrings(value))],
      ['ttl', `${TTL}`],
      ['proxied', 'false'],
    ],
  },
  'terraform-google': {
    resource: 'google_dns_record_set',
    zone: 'managed_zone',
    fields: ({ name, type, value }) => [
      ['name', hcl(`${name}.`)],
      ['type', hcl(type)],
      ['ttl', `${TTL}`],
      ['rrdatas', `[${hcl(type === 'CNAME' ? `${value}.` : quotedStrings(value))}]`],
    ],
  },
} as const satisfies Readonly<Record<string, TerraformDialect>>

/** Resources of Terraform, formatted as `terraform fmt` does it; the zone of each domain is a variable. */
export function terraformText(domains: readonly DomainRecords[], dialect: keyof typeof DIALECTS): string {
  const { resource, zone, fields }: TerraformDialect = DIALECTS[dialect]
  const blocks = domains.flatMap((one) => {
    const variable = `${identifier(one.domain)}_${zone}`
    return [
      `# ${headingOf(one)}\n${block(`variable ${hcl(variable)}`, [['type', 'string']])}`,
      ...one.records.map((record) => {
        const note = noteOn(record)
        const name = `${identifier(one.domain)}_${record.purpose.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`
        const text = block(`resource ${hcl(resource)} ${hcl(name)}`, [[zone, `var.${variable}`], ...fields(record)])
        return note === undefined ? text : `# ${note}\n${text}`
      }),
    ]
  })
  return `${blocks.join('\n\n')}\n`
}

function block(head: string, fields: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...fields.map(([name]) => name.length))
  return [`${head} {`, ...fields.map(([name, value]) => `  ${name.padEnd(width)} = ${value}`), '}'].join('\n')
}

function escapedQuotes(text: string): string {
  return text.replace(/["\\]/g, '\\$&')
}

/** A text of HCL, in which nothing is taken for a template. */
function hcl(text: string): string {
  return JSON.stringify(text).replace(/[$%](?=\{)/g, '$&$&')
}

function identifier(domain: string): string {
  const plain = domain.replace(/[^a-z0-9]+/g, '_')
  return /^[a-z]/.test(plain) ? plain : `d_${plain}`
}
