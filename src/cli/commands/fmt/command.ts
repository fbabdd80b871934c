import { defineCommand } from '../../program/define.ts'

/** `mailconfig fmt` */
export const fmtCommand = defineCommand({
  name: 'fmt',
  summary: 'format the spec: order, indentation, quotes',
  arguments: [{ name: '[file...]', summary: 'files or folders; "-" is standard input' }],
  options: {
    check: 'write nothing; exit 1 and list the files that are not formatted',
    diff: 'write nothing; show what would change',
  },
  examples: [
    ['mailconfig fmt', 'format the spec'],
    ['mailconfig fmt --check', 'in CI: fail if a file is not formatted'],
  ],
  run: async () => (await import('./fmt.ts')).fmt,
})
