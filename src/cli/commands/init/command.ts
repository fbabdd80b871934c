import { defineCommand } from '../../program/define.ts'

/** `mailconfig init` */
export const initCommand = defineCommand({
  name: 'init',
  summary: 'create mailconfig.yaml, from a live account if credentials are given',
  options: {
    force: 'overwrite an existing file',
    region: 'region of the SMTP2GO account: global (the default), us, eu, au',
    subaccounts: 'include the contents of every subaccount',
    allFields: 'include fields that have their default value, so that any later change outside the spec is detected',
  },
  examples: [
    ['mailconfig init', 'export the account, or write an example to edit'],
    ['mailconfig init --region eu --subaccounts', 'the same for an account in Europe, with its subaccounts'],
  ],
  run: async () => (await import('./init.ts')).init,
})
