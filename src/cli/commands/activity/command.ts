import { defineCommand } from '../../program/define.ts'

/** `mailconfig activity` */
export const activityCommand = defineCommand({
  name: 'activity',
  summary: 'list what happened to mail, the oldest event first',
  options: {
    last: 'the time until now, such as 2h or 7d (default 1d; 30d with --email-id)',
    from: 'only mail of this sender, or of senders that contain this',
    to: 'only mail to this recipient, or to those that contain this (may be repeated)',
    subject: 'only subjects that contain this',
    user: 'only mail of this SMTP user, or of the API key that begins so',
    event: 'only this event, such as hard-bounced (may be repeated)',
    emailId: 'the whole life of one message',
    limit: 'at most so many events, the latest ones (default 100)',
    follow: 'go on with what happens from now on, until Ctrl-C',
    format: { summary: 'output format', choices: ['text', 'json', 'jsonl', 'csv'], preset: 'text' },
  },
  examples: [
    ['mailconfig activity --to ann@example.net --last 2d', 'what became of mail to Ann?'],
    ['mailconfig activity --event hard-bounced --event spam --format csv', 'for a spreadsheet'],
    ['mailconfig activity --follow --format jsonl', 'as it happens, for a program'],
  ],
  run: async () => (await import('./activity.ts')).activity,
})
