import { defineCommand } from '../../program/define.ts'
import { FORMAT } from '../../program/shared-options.ts'

/** `mailconfig history` */
export const historyCommand = defineCommand({
  name: 'history',
  summary: 'list earlier runs',
  arguments: [{ name: '[run]', summary: 'show this run in detail' }],
  options: {
    ...FORMAT,
  },
  examples: [
    ['mailconfig history', 'list the runs, the latest first'],
    ['mailconfig history 4k7q9c', 'show one of them in detail'],
  ],
  run: async () => (await import('./history.ts')).history,
})
