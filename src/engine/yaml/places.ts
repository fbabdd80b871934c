import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE, type ScalarEvent } from 'js-yaml'

/** A value of a file as it stands there: where it begins, and what is in it. */
export type Place =
  | { readonly sort: 'scalar'; readonly at: number }
  | { readonly sort: 'map'; readonly at: number; readonly pairs: readonly Pair[] }
  | { readonly sort: 'list'; readonly at: number; readonly items: readonly Place[] }

/** A key with its value. */
interface Pair {
  readonly key: string
  readonly at: number
  readonly value: Place
}

/** Where everything in a text stands. */
export interface Places {
  readonly documents: readonly Place[]
  /** The texts in it, quoted or not, from where to where: what looks like a comment in one of them is none. */
  readonly scalars: readonly (readonly [from: number, to: number])[]
}

/** Where everything in a YAML text stands; nothing where it is not YAML. */
export function placesIn(text: string): Places {
  try {
    return read(text, parseEvents(text, {}))
  } catch {
    return { documents: [], scalars: [] } // what is wrong with it is said by those who want its values
  }
}

function read(text: string, events: readonly Event[]): Places {
  const documents: Place[] = []
  const scalars: (readonly [number, number])[] = []
  let anchors = new Map<string, Place>()
  let at = 0
  let last = 0

  const named = (event: { readonly anchorStart: number; readonly anchorEnd: number }, place: Place): Place => {
    if (event.anchorStart >= 0) anchors.set(text.slice(event.anchorStart, event.anchorEnd), place)
    return place
  }
  const isEnd = () => at >= events.length || events[at]?.type === EVENT_ID.POP
  const next = (): Place => {
    const event = events[at]
    at += 1
    switch (event?.type) {
      case EVENT_ID.MAPPING: {
        const pairs: Pair[] = []
        const place = named(event, { sort: 'map', at: event.start, pairs })
        while (!isEnd()) pairs.push(pair())
        at += 1
        return place
      }
      case EVENT_ID.SEQUENCE: {
        const items: Place[] = []
        const place = named(event, { sort: 'list', at: event.start, items })
        while (!isEnd()) items.push(next())
        at += 1
        return place
      }
      case EVENT_ID.SCALAR:
        if (event.valueStart < 0) return named(event, { sort: 'scalar', at: last }) // nothing stands there
        scalars.push([event.valueStart, event.valueEnd])
        last = event.valueEnd
        return named(event, { sort: 'scalar', at: startOf(text, event) })
      case EVENT_ID.ALIAS: {
        const meant = anchors.get(text.slice(event.anchorStart, event.anchorEnd))
        return { ...(meant ?? { sort: 'scalar' }), at: event.anchorStart - 1 }
      }
      default:
        return { sort: 'scalar', at: 0 }
    }
  }
  const pair = (): Pair => {
    const event = events[at]
    const key = event?.type === EVENT_ID.SCALAR ? getScalarValue(text, event) : ''
    const place = next()
    return { key, at: place.at, value: next() }
  }

  while (at < events.length) {
    if (events[at]?.type !== EVENT_ID.DOCUMENT) break
    at += 1
    anchors = new Map()
    documents.push(isEnd() ? { sort: 'scalar', at: 0 } : next())
    at += 1
  }
  return { documents, scalars }
}

/** A quoted text begins with its quote, a block with its bar. */
function startOf(text: string, { style, valueStart }: ScalarEvent): number {
  switch (style) {
    case SCALAR_STYLE.SINGLE_QUOTED:
    case SCALAR_STYLE.DOUBLE_QUOTED:
      return valueStart - 1
    case SCALAR_STYLE.LITERAL_BLOCK:
    case SCALAR_STYLE.FOLDED_BLOCK: {
      const above = text.slice(0, valueStart).trimEnd()
      const line = above.lastIndexOf('\n') + 1
      const bar = /[|>][-+\d]*(?:\s+#.*)?$/.exec(above.slice(line))
      return bar === null ? valueStart : line + bar.index
    }
    default:
      return valueStart
  }
}
