import { defineCommand } from '../../program/define.ts'

/** `mailconfig init` */
export const initCommand = defineCommand({
  name: 'init',
  summary: 'write a first mailconfig.yaml, from a live account where credentials are given',
  options: {
    force: 'write over a file that is there',
    region: 'region of the SMTP2GO account: global (the default), us, eu, au',
    subaccounts: 'with the contents of every subaccount',
    allFields: 'write fields at their defaults, too, so that every later change outside is seen',
  },
  examples: [
    ['mailconfig init', 'write down what the account has, or a start to change'],
    ['mailconfig init --region eu --subaccounts', 'the same for an account in Europe, with its subaccounts'],
  ],
  run: async () => (await import('./init.ts')).init,
})
