import { object, string, type Values } from './field.ts'
import type { Finding } from './judgement.ts'

/** Where a secret may go. */
export const places = {
  file: string('A file inside the folder of the spec, written with mode 0600.'),
  command: string('A command that gets the secret on its standard input, when it is made.'),
}

/** Where `rotate --generate` puts a secret that it makes up. */
export const saveTo = object(
  places,
  'Where a secret goes that mailconfig makes up: when the object is made and the entry gives none, and by `rotate --generate`.',
  {
    local: true,
  },
)

/** A secret goes to one place. */
export function oneTarget(entry: Values): readonly Finding[] {
  const target = entry['saveTo']
  if (target === undefined) return []
  const count = typeof target === 'object' && target !== null ? Object.keys(target).length : 1
  if (count === 1) return []
  return [
    {
      code: 'ONE_TARGET',
      message: `"saveTo" needs one of "file" and "command", and has ${count === 0 ? 'none' : 'both'}`,
      path: ['saveTo'],
    },
  ]
}
