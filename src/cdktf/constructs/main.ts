/**
 * The provider's resources and data sources as constructs, each under the name of its resource
 * (`smtpUser.SmtpUser`, `dataMailconfigWebhooks.DataMailconfigWebhooks`), and the constructs above them.
 */

export * from '../gen/cdktf/bindings/index'
export { MailconfigProvider, type MailconfigProviderConfig } from '../gen/cdktf/bindings/provider/index'
export type { SpecObject } from '../gen/cdktf/spec-object'
export { MailConfigSpec, type MailConfigSpecConfig } from './mail-config-spec'
export { type DnsRecord, SenderDomain, type SenderDomainConfig, type VerificationConfig } from './sender-domain'
export { SmtpCredential, type SmtpCredentialConfig } from './smtp-credential'
