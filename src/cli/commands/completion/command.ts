import { defineCommand } from '../../program/define.ts'

/** `mailconfig completion` */
export const completionCommand = defineCommand({
  name: 'completion',
  summary: 'print shell completion',
  arguments: [{ name: '<shell>', summary: 'bash, zsh or fish', choices: ['bash', 'zsh', 'fish'] }],
  examples: [['source <(mailconfig completion bash)', 'for this shell']],
  run: async () => (await import('./completion.ts')).completion,
})
