import { isObject, type Json } from '../input/json.ts'
import type { Answer } from '../world/call.ts'
import type { Service } from '../world/definition.ts'
import type { FaultName } from './faults.ts'

type Lists = Service['lists']

/** Changes the list in an answer, wherever it is; the same answer when it has none. */
function mapList(
  { names, totals = [], token }: Lists,
  body: Json | undefined,
  change: (items: readonly Json[]) => readonly Json[],
  total?: number,
): Json | undefined {
  if (Array.isArray(body)) return change(body)
  if (!isObject(body)) return body
  const lists = { names, totals, ...(token === undefined ? {} : { token }) }
  const name = names.find((one) => body[one] !== undefined)
  if (name === undefined) return body
  const changed = Object.entries(body).map(([key, value]): [string, Json | undefined] => {
    if (key === name) return [key, mapList(lists, value, change, total)]
    if (total !== undefined && totals.includes(key)) return [key, total]
    if (total === 0 && key === token) return [key, null]
    return [key, value]
  })
  return Object.fromEntries(changed)
}

/** Falsifies the list in an answer. */
export function falsify(answer: Answer, fault: FaultName, lists: Lists): Answer {
  if (answer.status !== 200 || answer.body === undefined) return answer
  if (fault === 'empty-list')
    return withBody(
      answer,
      mapList(lists, answer.body, () => [], 0),
    )
  if (fault === 'short-page')
    return withBody(
      answer,
      mapList(lists, answer.body, (items) => items.slice(0, -1)),
    )
  return answer
}

/** Puts something of another type where the list or the object should be. */
export function wrongData(answer: Answer): Answer {
  const { body } = answer
  if (!isObject(body) || body['data'] === undefined) return { ...answer, body: 'unexpected' }
  return { ...answer, body: { ...body, data: typeof body['data'] === 'string' ? [] : 'unexpected' } }
}

function withBody(answer: Answer, body: Json | undefined): Answer {
  return body === undefined ? answer : { ...answer, body }
}
