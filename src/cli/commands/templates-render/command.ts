import { defineCommand } from '../../program/define.ts'
import { FORMAT } from '../../program/shared-options.ts'

/** `mailconfig templates render` */
export const templatesRenderCommand = defineCommand({
  name: 'render',
  group: { name: 'templates', summary: 'templates of the spec, filled in' },
  summary: 'fill templates in, as the service does when it sends',
  arguments: [{ name: '[id...]', summary: 'ids of templates (default: all of the spec)' }],
  options: {
    data: 'a JSON file with the values (default: the variables of each template)',
    dir: 'write ID.html, ID.txt and ID.subject.txt to this folder',
    force: 'overwrite existing files',
    ...FORMAT,
  },
  examples: [
    ['mailconfig templates render receipt-01', 'with its sample values'],
    ['mailconfig templates render receipt-01 --data order.json --dir out', 'with real ones, into files'],
  ],
  run: async () => (await import('./render.ts')).renderCommand,
})
