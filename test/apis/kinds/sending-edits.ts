type Row = Record<string, unknown>

/** What somebody may change in the console of an SMTP user or an API key, in the API's own words. */
export const sendingEdits: Readonly<Record<string, (row: Row) => void>> = {
  description: (row) => {
    row['description'] = 'Edited in the console'
  },
  status: (row) => {
    row['status'] = 'blocked'
  },
  'rateLimit.messages': (row) => {
    row['custom_ratelimit_value'] = 7
  },
  'rateLimit.per': (row) => {
    row['custom_ratelimit_period'] = '7 days'
  },
  ipPool: (row) => {
    row['ippool'] = null
  },
  openTracking: (row) => {
    row['open_tracking_enabled'] = false
  },
  archive: (row) => {
    row['archive_enabled'] = false
  },
  auditEmail: (row) => {
    row['audit_email'] = null
  },
  bounceNotifications: (row) => {
    row['bounce_notifications'] = 'from'
  },
  'unsubscribeFooter.html': (row) => {
    row['feedback_html'] = '<b>Bye</b>'
  },
  'unsubscribeFooter.text': (row) => {
    row['feedback_text'] = 'Bye'
  },
}
