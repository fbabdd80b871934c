import { addressOf, type Message } from './api.ts'
import { button, el } from './element.ts'

/** How wide, and in which colours, the HTML is looked at; and for which message pictures were asked for. */
export interface Look {
  width: 'desktop' | 'phone'
  isDark: boolean
  pictures: string
}

/** The HTML of a message in a frame that can do nothing. */
export function frameOf(message: Message, look: Look, again: () => void): HTMLElement {
  const withPictures = look.pictures === message.id
  const query = new URLSearchParams({
    to: message.viewer,
    ...(look.isDark ? { dark: '1' } : {}),
    ...(withPictures ? { pictures: '1' } : {}),
  })
  const address = addressOf(message.id, `/html?${query}`)
  const toggle = (label: string, isOn: boolean, act: () => void) =>
    button(label, { class: 'tool', 'aria-pressed': String(isOn) }, () => {
      act()
      again()
    })
  const width = (name: Look['width'], label: string) =>
    toggle(label, look.width === name, () => {
      look.width = name
    })
  return el(
    'div',
    { class: 'html' },
    el(
      'div',
      { class: 'tools' },
      width('desktop', 'Desktop'),
      width('phone', 'Phone'),
      toggle('Dark', look.isDark, () => {
        look.isDark = !look.isDark
      }),
      el('a', { href: address, target: '_blank', rel: 'noopener' }, 'Open alone'),
    ),
    message.hasRemotePictures
      ? el(
          'div',
          { class: 'notice' },
          withPictures ? 'Pictures from elsewhere are loaded. ' : 'Pictures from elsewhere are blocked. ',
          toggle(withPictures ? 'Block them' : 'Load them', withPictures, () => {
            look.pictures = withPictures ? '' : message.id
          }),
        )
      : undefined,
    el('iframe', {
      src: address,
      title: 'The message as HTML',
      sandbox: 'allow-popups allow-popups-to-escape-sandbox',
      referrerpolicy: 'no-referrer',
      class: `${look.width}${look.isDark ? ' dark' : ''}`,
    }),
  )
}
