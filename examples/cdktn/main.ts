import { App, TerraformStack } from 'cdktn'
import type { Construct } from 'constructs'
import { MailConfigSpec, MailconfigProvider, SenderDomain, SmtpCredential, webhook } from 'mailconfig/cdktn'

class Mail extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id)
    new MailconfigProvider(this, 'mailconfig') // SMTP2GO_API_KEY, SMTP2GO_REGION

    // Everything in the YAML file, checked while this runs.
    const spec = new MailConfigSpec(this, 'spec', { file: 'mailconfig.yaml' })

    // A domain; its DNS records are the output dns_records, and domain.records for a DNS provider of this stack.
    new SenderDomain(this, 'domain', { domain: 'example.com', returnPath: 'bounce', recordsOutput: 'dns_records' })

    // A login whose password is the variable shop_password.
    const shop = new SmtpCredential(this, 'shop', { username: 'shop-app', description: 'Shop' })

    // What is generated from the provider fits in between.
    new webhook.Webhook(this, 'bounces', {
      url: 'https://hooks.example.com/mail',
      events: ['bounce', 'spam'],
      usernames: [shop.username, spec.get('smtpUsers', 'billing-app').username],
    })
  }
}

// Passwords go to write-only attributes: CDK Terrain asks which version will run.
const app = new App({ context: { targetVersions: { terraform: '>=1.11.0' } } })
new Mail(app, 'mail')
app.synth()
