import { defineCommand } from '../../program/define.ts'

/** `mailconfig stats` */
export const statsCommand = defineCommand({
  name: 'stats',
  summary: 'show how much mail was sent, and what became of it',
  options: {
    last: 'the days until now, such as 7d (default 30d)',
    from: { summary: 'first day, in UTC', takes: 'day' },
    until: 'last day, in UTC (default today)',
    by: 'a row for each day, user, domain, sender or subaccount; days take a call each, 31 at most',
    maxBounces: 'exit with 2 if more of the mail bounced, such as 5%',
    maxSpam: 'exit with 2 if more of the mail was complained about, such as 0.1%',
    format: { summary: 'output format', choices: ['text', 'json', 'csv', 'html'], preset: 'text' },
    out: 'write to this file',
    force: 'overwrite an existing file',
  },
  examples: [
    ['mailconfig stats --by day', 'the last 30 days'],
    ['mailconfig stats --last 7d --by user --max-bounces 5%', 'who sends, and fail where too much bounces'],
    ['mailconfig stats --by day --format html -o stats.html', 'a page to hand on'],
  ],
  run: async () => (await import('./stats.ts')).stats,
})
