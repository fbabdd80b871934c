import { el } from './element.ts'
import type { Row } from './rows.ts'

/** A way to choose rows: each has one of its values. */
interface Facet {
  readonly name: string
  readonly label: string
  readonly pick: (row: Row) => string | undefined
  /** How a value is called; itself if left out. */
  readonly words?: Readonly<Record<string, string>>
}

const FACETS: readonly Facet[] = [
  { name: 'kind', label: 'Kind', pick: ({ change }) => change.kind },
  { name: 'scope', label: 'Account', pick: ({ scope }) => scope },
  { name: 'risk', label: 'Risk', pick: ({ change }) => change.risk.level },
  {
    name: 'reason',
    label: 'Reason',
    pick: ({ change }) => (change.reason === 'unknown' ? undefined : change.reason),
    words: { spec: 'the spec changed', drift: 'drift', both: 'both changed' },
  },
  { name: 'outcome', label: 'Outcome', pick: ({ outcome }) => outcome, words: { skipped: 'not tried' } },
]

/** What the reader chose. */
interface Filters {
  readonly node: HTMLElement
  readonly search: HTMLInputElement
  readonly matches: (row: Row) => boolean
  readonly toggle: (action: string) => void
  readonly clear: () => void
  /** Actions that are chosen; none: all. */
  readonly actions: ReadonlySet<string>
}

/** The search and a choice for each facet that has more than one value here. */
export function filtersFor(rows: readonly Row[], changed: () => void): Filters {
  const actions = new Set<string>()
  const search = el('input', {
    type: 'search',
    id: 'search',
    placeholder: 'Search names, fields and values',
    'aria-label': 'Search the changes',
    'aria-keyshortcuts': '/',
    autocomplete: 'off',
    spellcheck: 'false',
  })
  search.addEventListener('input', changed)
  const chosen = FACETS.flatMap((facet) => {
    const values = countsOf(rows, facet)
    if (values.size < 2) return []
    const select = el('select', { id: facet.name }, el('option', { value: '' }, 'all'))
    for (const [value, number] of values)
      select.append(el('option', { value }, `${facet.words?.[value] ?? value} (${number.toLocaleString('en-US')})`))
    select.addEventListener('change', changed)
    return [{ facet, select }]
  })
  const labels = chosen.map(({ facet, select }) => el('label', { for: facet.name }, `${facet.label} `, select))
  return {
    node: el('div', { class: 'filters', role: 'search' }, search, ...labels),
    search,
    actions,
    matches: (row) => {
      if (actions.size > 0 && !actions.has(row.change.action)) return false
      if (!chosen.every(({ facet, select }) => select.value === '' || facet.pick(row) === select.value)) return false
      const words = search.value.toLowerCase().split(/\s+/)
      return words.every((word) => row.haystack().includes(word))
    },
    toggle: (action) => {
      if (!actions.delete(action)) actions.add(action)
      changed()
    },
    clear: () => {
      actions.clear()
      search.value = ''
      for (const { select } of chosen) select.value = ''
      changed()
    },
  }
}

function countsOf(rows: readonly Row[], { pick }: Facet): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const row of rows) {
    const value = pick(row)
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  return new Map([...counts].sort(([one], [other]) => one.localeCompare(other)))
}
