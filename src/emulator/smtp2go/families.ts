import { allowedRecipients } from './allowed-recipients.ts'
import { allowedSenders } from './allowed-senders.ts'
import { apiKeys } from './api-keys.ts'
import { dedicatedIps } from './dedicated-ips.ts'
import { domains } from './domains.ts'
import { ipAllowList } from './ip-allow-list.ts'
import { ipAuth } from './ip-auth.ts'
import type { Operation } from './operation.ts'
import { singleSenders } from './single-senders.ts'
import { smtpUsers } from './smtp-users.ts'
import { statistics } from './statistics.ts'
import { subaccounts } from './subaccounts.ts'
import { suppressions } from './suppressions.ts'
import { templates } from './templates.ts'
import { webhooks } from './webhooks.ts'

/** Every operation that is served; another family is one more file and one more line here. */
export const operations: readonly Operation[] = [
  ...allowedRecipients,
  ...allowedSenders,
  ...apiKeys,
  ...dedicatedIps,
  ...domains,
  ...ipAllowList,
  ...ipAuth,
  ...singleSenders,
  ...smtpUsers,
  ...statistics,
  ...subaccounts,
  ...suppressions,
  ...templates,
  ...webhooks,
]
