import { button, el } from './element.ts'

/** A row of tabs above one panel; arrows, Home and End go from one to another. */
export function tabList<T extends string>(
  names: readonly T[],
  current: T,
  labelOf: (name: T) => string,
  choose: (name: T) => void,
): HTMLElement {
  const list = el('div', { role: 'tablist', 'aria-label': 'Views' })
  for (const [at, name] of names.entries()) {
    const isCurrent = name === current
    const one = button(
      labelOf(name),
      {
        role: 'tab',
        id: `tab-${name}`,
        'aria-selected': String(isCurrent),
        'aria-controls': 'panel',
        tabindex: isCurrent ? '0' : '-1',
      },
      () => go(name),
    )
    one.addEventListener('keydown', (event) => {
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: names.length - 1 }[event.key]
      const next = to === undefined ? undefined : names[(to + names.length) % names.length]
      if (next === undefined) return
      event.preventDefault()
      go(next)
    })
    list.append(one)
  }
  return list

  function go(name: T): void {
    choose(name)
    document.getElementById(`tab-${name}`)?.focus()
  }
}
