import type { CallAccount } from '../../../model/traffic/traffic.ts'
import { OPERATIONS, type Operations, type PostPath } from '../operations/operations.ts'

/** Calls an operation by POST and answers its data; the container was checked by the client, what stands in it is the API's word. */
export async function ask<P extends PostPath>(
  call: CallAccount,
  path: P,
  body: Operations[P]['request'],
): Promise<Operations[P]['answer']> {
  const { reads } = OPERATIONS[path]
  return (await call({ method: 'POST', path, body, reads })) as Operations[P]['answer']
}
