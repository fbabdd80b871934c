import { defineCommand } from '../../program/define.ts'
import { FORMAT } from '../../program/shared-options.ts'

/** `mailconfig suppressions import` */
export const suppressionsImportCommand = defineCommand({
  name: 'import',
  group: { name: 'suppressions', summary: 'suppressions of the service, and of those you had before' },
  summary: 'add the suppressions that another service exported to a list of the spec',
  arguments: [{ name: '<file...>', summary: 'exports, as CSV or JSON' }],
  options: {
    from: {
      summary: 'whose export it is (default: told by its columns)',
      takes: 'service',
      choices: ['sendgrid', 'mailgun', 'postmark', 'ses', 'csv'],
    },
    into: 'the list, a .csv file with "address,description"; what it has stays (default: print)',
    keepBounces: 'bounces as well: here they expire after 7 days, an entry of a list never does',
    ...FORMAT,
  },
  examples: [
    ['mailconfig suppressions import unsubscribes.csv --into lists/suppressions.csv', 'told by its columns'],
    ['mailconfig suppressions import dump.json spam.csv --keep-bounces', 'several, printed'],
  ],
  run: async () => (await import('./import.ts')).importSuppressions,
})
