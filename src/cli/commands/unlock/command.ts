import { defineCommand } from '../../program/define.ts'
import { BRANCH } from '../../program/shared-options.ts'

/** `mailconfig unlock` */
export const unlockCommand = defineCommand({
  name: 'unlock',
  summary: 'release a stale lock',
  options: {
    ...BRANCH,
    yes: 'do not ask',
  },
  examples: [['mailconfig unlock', 'show who holds the ledger, ask, and release it']],
  run: async () => (await import('./unlock.ts')).unlock,
})
