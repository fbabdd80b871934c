import { type Message, react } from './api.ts'
import { button, el } from './element.ts'

/** What a recipient, or its server, does with a message: a choice of whom, and a button for each. */
export function reactionsOf(message: Message, again: (to: string) => void): HTMLElement | undefined {
  const able = message.recipients.filter(({ fate }) => fate === 'delivered' || fate === 'bounced')
  if (able.length === 0) return undefined
  const who = el('select', { 'aria-label': 'As which recipient' })
  for (const { address } of able)
    who.append(el('option', { value: address, selected: address === message.viewer }, address))
  who.addEventListener('change', () => again(who.value))
  const act = (label: string, reaction: string, title: string, isOff = false) => {
    const node = button(label, { class: 'tool', title }, () => {
      void react(message.id, who.value, reaction).then(() => again(who.value))
    })
    node.disabled = isOff
    return node
  }
  const { opens } = message.tracked
  return el(
    'div',
    { class: 'tools', role: 'group', 'aria-label': 'What a recipient does' },
    el('span', { 'aria-hidden': 'true' }, 'As'),
    who,
    act('Open', 'open', opens ? 'Counts an open' : 'Opens of this login are not counted', !opens),
    act('Complain', 'spam', 'Marks it as spam, and stops further mail'),
    act('Unsubscribe', 'unsubscribe', 'Stops further mail'),
    act('Bounce', 'bounce', 'The server takes it back: a hard bounce, and no further mail for 7 days'),
  )
}
