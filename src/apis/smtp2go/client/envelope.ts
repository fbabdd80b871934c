import { type About, callError, type Json } from '../../../http/body.ts'
import { isRecord } from '../../../model/json.ts'
import { type Holds, isOperation, OPERATIONS } from '../operations/operations.ts'

/**
 * The `data` of an answer, checked against the container that the operation documents. A list must be there: an
 * answer without it is an error of kind `shape`, never an empty list.
 */
export function dataOf(body: Json, about: About, status: number): unknown {
  const { method, path } = about.request
  const name = method === 'PATCH' ? `PATCH ${path}` : path
  const holds: Holds = isOperation(name) ? OPERATIONS[name].holds : 'data'
  if (!('data' in body)) {
    if (holds === 'anything') return null
    throw shapeError('"data" is missing in the answer')
  }
  const data = body['data']
  switch (holds) {
    case 'anything':
    case 'data':
      return data
    case 'array':
      return Array.isArray(data) ? data : complain('an array')
    case 'object':
      return isRecord(data) ? data : complain('an object')
    case 'objects':
      return isRecord(data) || Array.isArray(data) ? data : complain('an object or an array')
    case 'text':
      return typeof data === 'string' || isRecord(data) ? data : complain('a text')
    case 'webhooks':
      return webhooksIn(data) ?? complain('a list of webhooks')
    default:
      if (isRecord(data) && Array.isArray(data[holds.list])) return data
      return complain(`an object with the list "${holds.list}"`)
  }

  function complain(what: string): never {
    throw shapeError(`"data" in the answer is not ${what}`)
  }
  function shapeError(message: string) {
    const id = body['request_id']
    const requestId = typeof id === 'string' ? id : undefined
    return callError(`${message}: the API has changed, or this is not its host`, about, {
      kind: 'shape',
      status,
      requestId,
    })
  }
}

/** Documented as one object, live an array, and in one older client an object with the list `webhooks`. */
function webhooksIn(data: unknown): readonly unknown[] | undefined {
  if (Array.isArray(data)) return data
  if (!isRecord(data)) return undefined
  if (Array.isArray(data['webhooks'])) return data['webhooks']
  return data['id'] !== undefined && data['url'] !== undefined ? [data] : undefined
}
