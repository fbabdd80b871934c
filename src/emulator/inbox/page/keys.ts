import { button, el } from './element.ts'

/** A key and what it does. */
interface Key {
  readonly key: string
  readonly does: string
  readonly act: () => void
}

/** Listens to keys where nobody types; answers the dialog that lists them, and what opens it. */
export function listenToKeys(keys: readonly Key[]): { readonly dialog: HTMLDialogElement; readonly help: () => void } {
  const list = el('dl', {})
  for (const { key, does } of [...keys, { key: '?', does: 'these keys' }])
    list.append(el('dt', {}, el('kbd', {}, key)), el('dd', {}, does))
  const dialog = el('dialog', { 'aria-labelledby': 'keys' }, el('h2', { id: 'keys' }, 'Keys'), list)
  dialog.append(button('Close', { class: 'tool' }, () => dialog.close()))
  const help = () => dialog.showModal()
  document.addEventListener('keydown', (event) => {
    const { target, key } = event
    const isTyping = target instanceof HTMLInputElement || target instanceof HTMLSelectElement
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return
    if (isTyping) {
      if (key === 'Escape' && target instanceof HTMLElement) target.blur()
      return
    }
    // Enter presses the button that has the focus; on the row of the open message it goes into the message.
    if (key === 'Enter' && !(target instanceof HTMLElement && target.matches('.row[aria-current="true"]'))) return
    const found = key === '?' ? { act: help } : keys.find((one) => one.key === key)
    if (found === undefined) return
    event.preventDefault()
    found.act()
  })
  return { dialog, help }
}
