import { isObject, type Json, type JsonObject } from '../input/json.ts'

/** An answer of a real API to a call that reads. */
export interface Heard {
  readonly path: string
  /** What was sent: it says which subaccount, which page, which list. */
  readonly body: JsonObject
  /** `data` of SMTP2GO, or the JSON of the Back Office. */
  readonly answer: Json
}

/** Objects of an answer. */
export type Rows = JsonObject[]

/** The rows of an answer: a list, one under that name, or an object alone. */
export function rowsIn(answer: Json, name: string): Rows {
  const list = isObject(answer) ? (answer[name] ?? [answer]) : answer
  return Array.isArray(list) ? list.filter(isObject) : []
}

/** The fields that an emulator keeps, without those that are secret; whatever else a service says is left out. */
export function known(rows: Rows, fields: object, secrets: readonly string[] = []): Rows {
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => name in fields && !secrets.includes(name))),
  )
}

/** The last of the objects that have one name. */
export function once(rows: Rows, name: string): Rows {
  return [...new Map(rows.map((row) => [row[name], row])).values()]
}
