import { defineCommand } from '../../program/define.ts'

/** `mailconfig schema` */
export const schemaCommand = defineCommand({
  name: 'schema',
  summary: 'print the JSON Schema of a spec',
  arguments: [{ name: '[kind]', summary: 'only one kind', completes: 'kinds' }],
  examples: [
    ['mailconfig schema > mailconfig.schema.json', 'for an editor'],
    ['mailconfig schema smtpUsers', 'of one kind'],
  ],
  run: async () => (await import('./schema.ts')).schema,
})
