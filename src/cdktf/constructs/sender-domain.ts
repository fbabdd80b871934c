import { type ITerraformDependable, TerraformOutput } from 'cdktf'
import { Construct } from 'constructs'
import {
  SenderDomain as SenderDomainResource,
  type SenderDomainConfig as SenderDomainResourceConfig,
} from '../gen/cdktf/bindings/sender-domain/index'
import { SenderDomainVerification } from '../gen/cdktf/bindings/sender-domain-verification/index'

/** A sender domain: what its resource takes, and whether its records are an output. */
export interface SenderDomainConfig extends SenderDomainResourceConfig {
  /** Makes an output of this name with the DNS records as a list of `{ name, type, value }`. */
  readonly recordsOutput?: string
}

/** A DNS record to publish; the values are tokens that Terraform fills in. */
export interface DnsRecord {
  /** The whole name, such as `bounce.example.com`, without a dot at its end. */
  readonly name: string
  readonly type: 'CNAME'
  readonly value: string
}

/** How long to wait for DNS, and for what first. */
export interface VerificationConfig {
  /** The records, so that the wait begins when they are published. */
  readonly dependsOn?: ITerraformDependable[]
  /** Such as `15 minutes`, which it is if left out. */
  readonly timeout?: string
  /** Whether time that is up is an error; true if left out. */
  readonly fail?: boolean
}

/** A domain that may stand in the From line, with the DNS records that it needs. */
export class SenderDomain extends Construct {
  readonly resource: SenderDomainResource
  readonly #config: SenderDomainConfig

  constructor(scope: Construct, id: string, config: SenderDomainConfig) {
    super(scope, id)
    const { recordsOutput, ...rest } = config
    this.#config = config
    this.resource = new SenderDomainResource(this, 'domain', rest)
    if (recordsOutput === undefined) return
    const output = new TerraformOutput(this, 'records', { value: this.records })
    output.overrideLogicalId(recordsOutput)
  }

  /** The domain, as a token: what uses it comes after it. */
  get domain(): string {
    return this.resource.domain
  }

  /** The three records, ready for Route 53, Cloudflare and others: DKIM, return path, tracking. */
  get records(): DnsRecord[] {
    const { domain, dkimSelector, dkimExpected, returnPath, returnPathExpected, tracking, trackingExpected } =
      this.resource
    return [
      { name: `${dkimSelector}._domainkey.${domain}`, type: 'CNAME', value: dkimExpected },
      { name: `${returnPath}.${domain}`, type: 'CNAME', value: returnPathExpected },
      { name: `${tracking}.${domain}`, type: 'CNAME', value: trackingExpected },
    ]
  }

  /** Waits, while Terraform applies, until the service has found the records; what needs a verified domain depends on it. */
  waitUntilVerified(config: VerificationConfig = {}): SenderDomainVerification {
    const { subaccount, provider } = this.#config
    return new SenderDomainVerification(this, 'verification', {
      domain: this.domain,
      ...(subaccount === undefined ? {} : { subaccount }),
      ...(provider === undefined ? {} : { provider }),
      ...config,
    })
  }
}
