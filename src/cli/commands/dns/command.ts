import { defineCommand } from '../../program/define.ts'

/** `mailconfig dns` */
export const dnsCommand = defineCommand({
  name: 'dns',
  summary: 'show the DNS records that sender domains need, or check them',
  arguments: [{ name: '[domain...]', summary: 'sender domains (default: all)' }],
  options: {
    check: 'ask the name servers of each domain, and resolvers, for its records, SPF and DMARC',
    resolver: 'resolver to ask, as IP[:PORT] (may be repeated; default: those of this machine)',
    nameserver: 'name server to ask instead of those of the domain, as IP[:PORT] (may be repeated)',
    timeout: 'how long a server may take to answer (default 5s)',
    wait: 'with --check: check again until everything is right, for this long, such as 30m',
    format: {
      summary: 'output format',
      choices: [
        'text',
        'json',
        'zone',
        'octodns',
        'dnscontrol',
        'terraform-route53',
        'terraform-cloudflare',
        'terraform-google',
      ],
      preset: 'text',
    },
    out: 'write the records to a file',
    force: 'overwrite the file of --out',
  },
  examples: [
    ['mailconfig dns', 'which records have to be published?'],
    ['mailconfig dns shop.example --format zone -o shop.zone', 'as a piece of a zone file'],
    ['mailconfig dns --check --wait 30m', 'wait until they are published everywhere'],
  ],
  run: async () => (await import('./dns.ts')).dns,
})
