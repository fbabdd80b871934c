import type { Message } from './api.ts'
import { button, el, table } from './element.ts'
import { factsOf, verdictOf } from './facts.ts'
import { frameOf, type Look } from './frame.ts'
import { callsOf, eventsOf, partsOf, sourceOf } from './panels.ts'
import { reactionsOf } from './reactions.ts'
import { tabList } from './tabs.ts'

const TABS = ['HTML', 'Text', 'Headers', 'Source', 'Parts', 'Events', 'Webhooks'] as const
type Tab = (typeof TABS)[number]

/** One message with all that is known of it. */
export function messageView(actions: {
  readonly again: (to: string) => void
  readonly close: () => void
  readonly markUnread: () => void
  readonly remove: () => void
}) {
  const node = el('article', { class: 'message', 'aria-label': 'Message', tabindex: '-1' })
  const head = el('div', { class: 'head' })
  const panel = el('div', { role: 'tabpanel', id: 'panel', tabindex: '0' })
  const look: Look = { width: 'desktop', isDark: false, pictures: '' }
  let tab: Tab = 'HTML'
  let shown = ''
  let drawn = ''
  return {
    node,
    clear(): void {
      shown = ''
      drawn = ''
      node.replaceChildren(el('p', { class: 'empty' }, 'Choose a message. "?" shows the keys.'))
    },
    show(message: Message): void {
      if (message.id !== shown && (tab === 'HTML' || tab === 'Text')) tab = message.html === '' ? 'Text' : 'HTML'
      shown = message.id
      draw(message)
    },
  }

  /** What has not changed stays as it is: a frame that is put in its place again loads again. */
  function draw(message: Message): void {
    const focused = head.contains(document.activeElement) ? document.activeElement?.textContent : undefined
    const parts = [
      el(
        'div',
        { class: 'title' },
        button('Back to the list', { class: 'tool back' }, actions.close),
        el('h2', {}, message.subject === '' ? '(no subject)' : message.subject),
        el(
          'div',
          { class: 'tools' },
          button('Mark unread', { class: 'tool', 'aria-keyshortcuts': 'u' }, actions.markUnread),
          button('Remove', { class: 'tool', 'aria-keyshortcuts': 'd' }, actions.remove),
        ),
      ),
      factsOf(message),
      verdictOf(message),
      reactionsOf(message, actions.again),
      tabList(
        TABS,
        tab,
        (name) => labelOf(name, message),
        (name) => {
          tab = name
          draw(message)
        },
      ),
    ]
    head.replaceChildren(...parts.flatMap((one) => one ?? []))
    if (focused !== undefined)
      for (const one of head.querySelectorAll('button')) if (one.textContent === focused) one.focus()
    const now = JSON.stringify([message.id, message.viewer, tab, look, tab === 'HTML' ? message.html : message])
    if (node.contains(panel) && now === drawn) return
    drawn = now
    panel.setAttribute('aria-labelledby', `tab-${tab}`)
    panel.replaceChildren(content(message))
    if (!node.contains(panel)) node.replaceChildren(head, panel)
  }

  function content(message: Message): HTMLElement {
    switch (tab) {
      case 'HTML':
        if (message.html === '') return el('p', { class: 'empty' }, 'It has no HTML.')
        return frameOf(message, look, () => draw(message))
      case 'Text':
        return el('pre', {}, message.text === '' ? '(no text)' : message.text)
      case 'Headers':
        return table(['Header', 'Value'], message.headers)
      case 'Source':
        return sourceOf(message)
      case 'Parts':
        return partsOf(message)
      case 'Events':
        return eventsOf(message)
      case 'Webhooks':
        return callsOf(message)
    }
  }
}

function labelOf(name: Tab, { parts, events, calls }: Message): string {
  switch (name) {
    case 'Parts':
      return `Parts ${parts.length}`
    case 'Events':
      return `Events ${events.length}`
    case 'Webhooks':
      return `Webhooks ${calls.length}`
    case 'HTML':
    case 'Text':
    case 'Headers':
    case 'Source':
      return name
  }
}
