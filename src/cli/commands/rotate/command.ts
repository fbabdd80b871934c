import { defineCommand } from '../../program/define.ts'
import { ACCEPT, AUTO_APPROVE, BRANCH, FORMAT } from '../../program/shared-options.ts'

/** `mailconfig rotate` */
export const rotateCommand = defineCommand({
  name: 'rotate',
  summary: 'send a secret again, or generate a new one',
  arguments: [{ name: '[address]', summary: 'such as smtpUsers/billing-app' }],
  options: {
    ...BRANCH,
    generate: 'generate a new secret and store it as saveTo specifies',
    length: 'length of a new secret in characters (16 to 100)',
    saveTo: 'override saveTo: file:PATH, env-file:PATH#NAME or command:COMMAND',
    field: 'only this secret, such as auth.value',
    overlap: 'create a twin with a new secret; the old one stays until --confirm',
    twin: 'with --overlap: the name of the twin',
    confirm: 'the twin is in use: retire the old one',
    retire: 'with --confirm: what to do with the old one',
    abort: 'remove the twin again',
    list: 'list open rotations',
    ...FORMAT,
    ...AUTO_APPROVE,
    ...ACCEPT,
  },
  examples: [
    ['mailconfig rotate smtpUsers/billing-app --generate', 'generate a new password and store it as saveTo specifies'],
    [
      'mailconfig rotate smtpUsers/billing-app --overlap',
      'create a second login first, so that nothing is interrupted',
    ],
    ['mailconfig rotate --list', 'list open rotations'],
  ],
  run: async () => (await import('./rotate.ts')).rotate,
})
