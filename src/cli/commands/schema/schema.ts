import { kinds } from '../../../apis/index.ts'
import { entrySchema, specSchema } from '../../../derive/schema/spec.ts'
import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'

/** Prints the JSON Schema of a whole document, or of one kind's entry. */
export async function schema({ io, args }: Invocation): Promise<number> {
  const [name] = args
  const kind = kinds.find((one) => one.name === name)
  if (name !== undefined && kind === undefined)
    throw new Stop(`there is no kind "${name}"`, { hint: `there are: ${kinds.map((one) => one.name).join(', ')}` })
  io.stdout.write(`${JSON.stringify(kind === undefined ? specSchema(kinds) : entrySchema(kind), null, 2)}\n`)
  return EXIT.ok
}
