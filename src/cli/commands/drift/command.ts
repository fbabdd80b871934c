import { defineCommand } from '../../program/define.ts'
import { REPORTS } from '../../program/shared-options.ts'

/** `mailconfig drift` */
export const driftCommand = defineCommand({
  name: 'drift',
  summary: 'what changed outside the spec',
  options: {
    ...REPORTS,
  },
  examples: [
    ['mailconfig drift', 'list what somebody changed in a console'],
    ['mailconfig drift --notify https://hooks.example.com/T0', 'tell a chat of it'],
  ],
  run: async () => (await import('./drift.ts')).drift,
})
