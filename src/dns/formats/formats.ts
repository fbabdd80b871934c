import type { DomainRecords } from '../records/record.ts'
import { dnscontrolText } from './dnscontrol.ts'
import { octodnsText } from './octodns.ts'
import { terraformText } from './terraform.ts'
import { zoneText } from './zone.ts'

/** How records are written for the tool that publishes them. */
export const RECORD_FORMATS: Readonly<Record<string, (domains: readonly DomainRecords[]) => string>> = {
  zone: zoneText,
  octodns: octodnsText,
  dnscontrol: dnscontrolText,
  'terraform-route53': (domains) => terraformText(domains, 'terraform-route53'),
  'terraform-cloudflare': (domains) => terraformText(domains, 'terraform-cloudflare'),
  'terraform-google': (domains) => terraformText(domains, 'terraform-google'),
}
