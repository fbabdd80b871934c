import { defineCommand } from '../../program/define.ts'
import { REPORTS } from '../../program/shared-options.ts'

/** `mailconfig drift` */
export const driftCommand = defineCommand({
  name: 'drift',
  summary: 'show what changed outside the spec',
  options: {
    ...REPORTS,
  },
  examples: [
    ['mailconfig drift', 'list changes made in a console'],
    ['mailconfig drift --notify https://hooks.example.com/T0', 'post them to a chat'],
  ],
  run: async () => (await import('./drift.ts')).drift,
})
