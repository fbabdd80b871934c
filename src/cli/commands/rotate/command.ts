import { defineCommand } from '../../program/define.ts'
import { ACCEPT, AUTO_APPROVE, BRANCH, FORMAT } from '../../program/shared-options.ts'

/** `mailconfig rotate` */
export const rotateCommand = defineCommand({
  name: 'rotate',
  summary: 'send a secret again, or make a new one',
  arguments: [{ name: '[address]', summary: 'such as smtpUsers/billing-app' }],
  options: {
    ...BRANCH,
    generate: 'make up a new secret, and put it where saveTo says',
    length: 'how many characters a new secret has (16 to 100)',
    saveTo: 'instead of saveTo: file:PATH, env-file:PATH#NAME or command:COMMAND',
    field: 'only this secret, such as auth.value',
    overlap: 'make a twin with a new secret; the old one stays until --confirm',
    twin: 'with --overlap: the name of the twin',
    confirm: 'the twin is in use: retire the old one',
    retire: 'with --confirm: what happens to the old one',
    abort: 'take the twin away again',
    list: 'the rotations that are open',
    ...FORMAT,
    ...AUTO_APPROVE,
    ...ACCEPT,
  },
  examples: [
    ['mailconfig rotate smtpUsers/billing-app --generate', 'make a new password, and put it where saveTo says'],
    ['mailconfig rotate smtpUsers/billing-app --overlap', 'make a second login first, so that nothing stops'],
    ['mailconfig rotate --list', 'list rotations that are open'],
  ],
  run: async () => (await import('./rotate.ts')).rotate,
})
