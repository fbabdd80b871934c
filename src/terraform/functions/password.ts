import { randomInt } from 'node:crypto'
import type { Diagnostic, Schema, Value, ValueMap } from '../protocol/plugin.ts'

const SORTS = ['abcdefghijkmnopqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '-_.!+'] as const

/** A generated SMTP password: generated each time, never stored, and meant for a write-only attribute. */
export const passwordSchema: Schema = {
  version: 0,
  description:
    'A strong SMTP password that is in no plan and no state; give it to `password_wo` and to a secret store.',
  attributes: [
    {
      name: 'length',
      type: 'number',
      optional: true,
      description: 'How many characters, from 16 to 128; 32 if left out.',
    },
    { name: 'result', type: 'string', computed: true, sensitive: true, description: 'The password.' },
  ],
}

/** What is wrong with a wanted length. */
export function checkPassword(config: ValueMap): readonly Diagnostic[] {
  const length = config['length']
  if (length === null || length === undefined || typeof length === 'object') return []
  if (typeof length === 'number' && Number.isInteger(length) && length >= 16 && length <= 128) return []
  return [
    {
      severity: 'error',
      summary: 'This length cannot be used',
      detail: 'A length is a whole number from 16 to 128.',
      path: ['length'],
    },
  ]
}

/** Makes one: every sort of character is in it, and nothing that reads like something else. */
export function makePassword(config: ValueMap): Value {
  const length = typeof config['length'] === 'number' ? config['length'] : 32
  const all = SORTS.join('')
  const chars = [...SORTS.map(pickFrom), ...Array.from({ length: length - SORTS.length }, () => pickFrom(all))]
  for (let at = chars.length - 1; at > 0; at--) {
    const other = randomInt(at + 1)
    ;[chars[at], chars[other]] = [chars[other] ?? '', chars[at] ?? '']
  }
  return { length: config['length'] ?? null, result: chars.join('') }
}

function pickFrom(sort: string): string {
  return sort.charAt(randomInt(sort.length))
}
