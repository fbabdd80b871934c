import type { Context } from 'hono'
import type { InboxAccess } from '../inbox/access.ts'
import { headersOf } from '../inbox/headers.ts'
import type { MailReader } from '../inbox/reader.ts'
import { readSearch, searched, type Term } from '../inbox/search.ts'
import { isObject, type JsonObject, parseJson } from '../input/json.ts'
import type { BoxMessage } from '../world/mailbox.ts'

/** The messages as Mailpit would have them. */
export interface MailpitBox {
  readonly access: InboxAccess
  readonly reader: MailReader
  /** What was taken, the latest first: Mailpit never has a message that it refused. */
  taken(): BoxMessage[]
  /** A message by its number, or the `latest` that was taken. */
  named(id: string): BoxMessage | undefined
  /** What fits a search, the latest first; refused messages only where the search asks for them (`is:refused`, `rule:`). */
  found(query: string, zone: string | undefined): Promise<BoxMessage[]>
}

/** Mailpit's view of the inbox. */
export function mailpitBox(access: InboxAccess, reader: MailReader): MailpitBox {
  const taken = () =>
    access
      .messages()
      .filter(({ refused }) => refused === null)
      .reverse()
  return {
    access,
    reader,
    taken,
    named: (id) => (id === 'latest' ? taken()[0] : access.find(id)),
    found: (query, zone) => {
      const terms = readSearch(query)
      const all = terms.some(asksForRefused) ? [...access.messages()].reverse() : taken()
      return searched(reader, all, terms, zone)
    },
  }
}

function asksForRefused({ field, value, isNegated }: Term): boolean {
  return !isNegated && (field === 'rule' || (field === 'is' && value === 'refused'))
}

/** The body of a call; empty where it is not an object. */
export async function bodyOf(c: Context): Promise<JsonObject> {
  const body = parseJson(await c.req.text())
  return isObject(body) ? body : {}
}

/** The numbers of messages in a body; undefined where it names none. */
export function idsIn(body: JsonObject): string[] | undefined {
  const ids = body['IDs'] ?? body['ids']
  return Array.isArray(ids) && ids.length > 0 ? ids.map(String) : undefined
}

/** A text, as Mailpit answers where there is nothing else to say, and for what it refuses. */
export function plain(c: Context, text: string, status: 200 | 400 | 404 | 501 = 200): Response {
  return c.body(text, status, headersOf('text/plain; charset=utf-8'))
}

/** Every tag of some messages once, in alphabetical order. */
export function tagsOf(messages: readonly BoxMessage[]): string[] {
  return [...new Set(messages.flatMap(({ tags }) => tags))].sort()
}
