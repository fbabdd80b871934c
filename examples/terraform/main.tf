terraform {
  required_version = ">= 1.11" # write-only values and ephemeral resources
  required_providers {
    mailconfig = { source = "mailconfig/mailconfig" }
  }
}

# The first account and the Back Office come from SMTP2GO_API_KEY, BACKOFFICE_URL and BACKOFFICE_TOKEN.
provider "mailconfig" {}

# The second account has a provider of its own; `url` is for tests, a real account has a `region`.
provider "mailconfig" {
  alias = "shop"
  smtp2go = {
    api_key = var.shop_api_key
    url     = var.shop_url
  }
}

variable "shop_api_key" {
  type      = string
  sensitive = true
  ephemeral = true
}

variable "shop_url" {
  type    = string
  default = null
}

variable "relay_password" {
  type      = string
  sensitive = true
  ephemeral = true
}

variable "hook_token" {
  type      = string
  sensitive = true
  ephemeral = true
}

# Raise it to send all secrets again: they are in no plan and no state, so nothing can tell that they are new.
variable "secrets_version" {
  type    = number
  default = 1
}

variable "wait_for_dns" {
  description = "True once the zone is published: apply waits until the service has found its records."
  type        = bool
  default     = false
}

# A sender domain, and its DNS records as lines of a zone file.
resource "mailconfig_sender_domain" "main" {
  domain      = "example.com"
  return_path = "bounce"
  tracking    = "link"
}

output "zone" {
  value = join("", [
    for record in provider::mailconfig::dns_records(
      mailconfig_sender_domain.main.domain,
      mailconfig_sender_domain.main.dkim_selector,
      mailconfig_sender_domain.main.return_path,
      mailconfig_sender_domain.main.tracking,
    ) : "${record.name}. 3600 IN ${record.type} ${record.value}.\n"
  ])
}

resource "mailconfig_sender_domain_verification" "main" {
  count   = var.wait_for_dns ? 1 : 0
  domain  = mailconfig_sender_domain.main.domain
  timeout = "15 minutes"
}

# An SMTP user whose password nobody has seen. Hand `result` to a secret store in the same run, with its own
# write-only attribute: after the run it is gone.
ephemeral "mailconfig_smtp_password" "billing" {}

resource "mailconfig_smtp_user" "billing" {
  username            = "billing-app"
  description         = "Invoices"
  password_wo         = ephemeral.mailconfig_smtp_password.billing.result
  password_wo_version = var.secrets_version
  rate_limit          = { messages = 500, per = "1 hour" }
}

resource "mailconfig_webhook" "events" {
  url       = "https://hooks.example.com/mail"
  events    = ["bounce", "spam", "unsubscribe"]
  usernames = [mailconfig_smtp_user.billing.username]
  format    = "json"
  auth = {
    type             = "bearer"
    value_wo         = var.hook_token
    value_wo_version = var.secrets_version
  }
}

locals {
  suppressed = {
    "former-customer@example.org" = "Asked to be left alone"
    "example.net"                 = "Closed down"
  }
}

resource "mailconfig_suppression" "manual" {
  for_each    = local.suppressed
  address     = each.key
  description = each.value
}

# The server through which the Back Office sends.
resource "mailconfig_smtp_provider" "relay" {
  caption             = "Primary relay"
  host                = "mail.smtp2go.com"
  port                = 587
  encryption          = "tls"
  username            = mailconfig_smtp_user.billing.username
  password_wo         = var.relay_password
  password_wo_version = var.secrets_version
  send_from           = "noreply@${mailconfig_sender_domain.main.domain}"
  send_from_name      = "Example Ltd"
}

# The same list in the second account.
resource "mailconfig_suppression" "shop" {
  provider    = mailconfig.shop
  for_each    = local.suppressed
  address     = each.key
  description = each.value
}
