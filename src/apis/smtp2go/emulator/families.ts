import { statistics } from './account/statistics.ts'
import { subaccounts } from './account/subaccounts.ts'
import type { Operation } from './call/operation.ts'
import { suppressions } from './content/suppressions.ts'
import { templates } from './content/templates.ts'
import { webhooks } from './content/webhooks.ts'
import { apiKeys } from './logins/api-keys.ts'
import { dedicatedIps } from './logins/dedicated-ips.ts'
import { ipAllowList } from './logins/ip-allow-list.ts'
import { ipAuth } from './logins/ip-auth.ts'
import { smtpUsers } from './logins/smtp-users.ts'
import { allowedRecipients } from './senders/allowed-recipients.ts'
import { allowedSenders } from './senders/allowed-senders.ts'
import { domains } from './senders/domains.ts'
import { singleSenders } from './senders/single-senders.ts'
import { activity } from './traffic/activity.ts'
import { archive } from './traffic/archive.ts'
import { emails } from './traffic/email.ts'
import { seedOnly } from './traffic/seed-only.ts'
import { sms } from './traffic/sms.ts'

/** Every operation that is served; another family is one more file and one more line here. */
export const operations: readonly Operation[] = [
  ...activity,
  ...allowedRecipients,
  ...allowedSenders,
  ...apiKeys,
  ...archive,
  ...dedicatedIps,
  ...domains,
  ...emails,
  ...ipAllowList,
  ...ipAuth,
  ...seedOnly,
  ...singleSenders,
  ...sms,
  ...smtpUsers,
  ...statistics,
  ...subaccounts,
  ...suppressions,
  ...templates,
  ...webhooks,
]
