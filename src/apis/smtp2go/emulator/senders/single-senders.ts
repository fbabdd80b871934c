import { email, need, text } from '../../../../emulator/input/fields.ts'
import { reads, writes } from '../call/operation.ts'
import { Refusal } from '../call/refusal.ts'
import { checkVerifiedSenders } from './domain-records.ts'

const address = need(email())

/** `/single_sender_emails/*` */
export const singleSenders = [
  reads('/single_sender_emails/view', { email_address: text() }, ({ scope, requestId }, { email_address = '' }) => {
    const found = [...scope.singleSenders].filter(([lower]) => lower.includes(email_address.toLowerCase()))
    return { request_id: requestId, senders: found.map(([, one]) => one) }
  }),
  writes(
    '/single_sender_emails/add',
    { email_address: address, message: text() },
    ({ scope, settings }, { email_address }) => {
      const old = scope.singleSenders.get(email_address.toLowerCase())
      if (old?.verified && settings.duplicateSingleSender === 'refuse') {
        throw new Refusal(`A single sender email matching the passed value of ${email_address} already exists`)
      }
      if (old) return 'ok'
      checkVerifiedSenders(scope.singleSenders.size, settings.maxSingleSenders)
      scope.singleSenders.set(email_address.toLowerCase(), { email_address, verified: settings.singleSenderVerified })
      return 'ok'
    },
  ),
  writes('/single_sender_emails/remove', { email_address: address }, ({ scope }, { email_address }) => {
    if (scope.singleSenders.delete(email_address.toLowerCase())) return 'OK'
    const reason = `An error occurred deleting sender email ${email_address} or it doesn't exist`
    throw new Refusal(`Failed to remove the single sender email - ${reason}`)
  }),
]
