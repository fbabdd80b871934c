import { isObject, type Json, type JsonObject, parseJson } from '../../../../emulator/input/json.ts'
import type { Call } from './operation.ts'
import { Refusal } from './refusal.ts'

/** One page of a long list. */
interface Page {
  readonly rows: readonly Json[]
  readonly total: number
  /** Fetches the next page; null after the last one. */
  readonly token: string | null
}

/** Answers a page; the token carries the question, so that it is enough to send it alone. */
export function page(call: Call, list: string, size: number, find: (question: JsonObject) => readonly Json[]): Page {
  const sent = call.body['continue_token']
  const { question, offset } =
    typeof sent === 'string' && sent !== '' ? open(sent, list) : { question: withoutKey(call.body), offset: 0 }
  const today = call.now.toISOString().slice(0, 10)
  const name = `${today} ${call.scope.id} ${list} ${JSON.stringify(question)}`
  const rows = remembered(call, name, () => find(question))
  const next = offset + size
  const token = next < rows.length ? seal({ list, question, offset: next }) : null
  return { rows: rows.slice(offset, next), total: rows.length, token }
}

function remembered({ world }: Call, name: string, find: () => readonly Json[]): readonly Json[] {
  const known = world.pages.get(name)
  if (known?.version === world.version) return known.rows
  const rows = find()
  if (world.pages.size >= 20) world.pages.clear()
  world.pages.set(name, { version: world.version, rows })
  return rows
}

function withoutKey({ api_key: _, continue_token: __, ...question }: JsonObject): JsonObject {
  return question
}

function seal(content: JsonObject): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url')
}

function open(token: string, list: string): { question: JsonObject; offset: number } {
  const content = parseJson(Buffer.from(token, 'base64url').toString())
  if (isObject(content) && content['list'] === list && isObject(content['question'])) {
    const { question, offset } = content
    if (typeof offset === 'number' && isObject(question)) return { question, offset }
  }
  throw new Refusal("The passed 'continue_token' is not valid")
}
