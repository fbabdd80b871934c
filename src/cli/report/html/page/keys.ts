import { button, el } from './element.ts'

/** A key and what it does. */
interface Key {
  readonly key: string
  readonly does: string
  readonly act: () => void
}

/** Lets keys act wherever nobody writes; `?` lists them. */
export function listenToKeys(keys: readonly Key[]): { readonly dialog: HTMLElement; readonly help: () => void } {
  const box = el('dialog', { 'aria-labelledby': 'keys' })
  const all = [
    ...keys,
    { key: 'Enter', does: 'open or close the change', act: () => undefined },
    { key: '?', does: 'show the keys', act: () => box.showModal() },
  ]
  const rows = all.map(({ key, does }) => el('div', {}, el('dt', {}, el('kbd', {}, key)), el('dd', {}, does)))
  box.append(
    el('h2', { id: 'keys' }, 'Keys'),
    el('dl', { class: 'keys' }, ...rows),
    button('Close', { class: 'tool' }, () => box.close()),
  )
  document.addEventListener('keydown', (event) => {
    const { target, key } = event
    if (event.ctrlKey || event.metaKey || event.altKey || box.open) return
    const isWriting = target instanceof HTMLInputElement || target instanceof HTMLSelectElement
    if (isWriting) {
      if (key === 'Escape') target.blur()
      return
    }
    const found = all.find((one) => one.key === key && key !== 'Enter')
    if (found === undefined) return
    event.preventDefault()
    found.act()
  })
  return { dialog: box, help: () => box.showModal() }
}
