import { defineCommand } from '../../program/define.ts'

/** `mailconfig usage` */
export const usageCommand = defineCommand({
  name: 'usage',
  summary: 'show how much of the plan is used, and how much there will be at the end of the cycle',
  options: {
    by: { summary: 'a row for each subaccount as well', choices: ['subaccount'] },
    max: 'exit with 2 if more of a plan is used, such as 80%',
    format: { summary: 'output format', choices: ['text', 'json', 'openmetrics'], preset: 'text' },
  },
  examples: [
    ['mailconfig usage --max 80%', 'fail when the plan runs out'],
    ['mailconfig usage --by subaccount --format openmetrics', 'for a monitoring system'],
  ],
  run: async () => (await import('./usage.ts')).usage,
})
