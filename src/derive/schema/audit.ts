import type { JsonSchema } from './json-schema.ts'

const text = { type: 'string' }
const nullableText = { type: ['string', 'null'] }
const whole = { type: 'integer', minimum: 0 }
const gates = {
  type: 'array',
  items: {
    type: 'object',
    properties: { code: text, accepted: nullableText },
    required: ['code', 'accepted'],
    additionalProperties: false,
  },
}

/** What every line says. */
const common = {
  formatVersion: { type: 'string', pattern: '^1\\.\\d+$' },
  time: { type: 'string', format: 'date-time' },
  run: text,
  ledgerRun: nullableText,
  command: { enum: ['apply', 'destroy', 'adopt', 'rotate', 'rollback', 'lift'] },
  by: text,
  url: nullableText,
  commit: nullableText,
  mailconfig: text,
}

/** What a line about one change says. */
const change = {
  account: text,
  subaccount: nullableText,
  address: text,
  kind: text,
  action: { enum: ['create', 'update', 'delete'] },
  fields: { type: 'array', items: text },
  members: {
    type: 'object',
    properties: { added: whole, edited: whole, removed: whole },
    required: ['added', 'edited', 'removed'],
    additionalProperties: false,
  },
  gates,
}
const outcome = { outcome: { enum: ['done', 'failed', 'skipped', 'unknown'] }, id: nullableText, code: nullableText }

/** One line of the audit log. */
export function auditSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A line of the audit log of mailconfig',
    oneOf: [
      line(['run-begin'], { specHash: text, savedPlan: nullableText, changes: whole, gates }),
      line(['change-begin'], change),
      line(['change-end', 'change-read-back', 'change-skipped'], { ...change, ...outcome }),
      line(['run-end'], { outcome: { enum: ['done', 'partial', 'interrupted'] } }),
    ],
  }
}

function line(events: readonly string[], more: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const properties = { event: { enum: events }, ...common, ...more }
  return {
    type: 'object',
    properties,
    required: Object.keys(properties).filter((name) => name !== 'members'),
    additionalProperties: false,
  }
}
