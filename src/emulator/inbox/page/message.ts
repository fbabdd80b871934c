import { addressOf, type Message, react } from './api.ts'
import { button, el, sizeText, timeText } from './element.ts'
import { mark } from './rows.ts'

const TABS = ['HTML', 'Text', 'Headers', 'Source', 'Parts', 'Events', 'Webhooks'] as const
type Tab = (typeof TABS)[number]

/** How wide, and in which colours, the HTML is looked at. */
interface Look {
  width: 'desktop' | 'phone'
  dark: boolean
  pictures: boolean
}

/** One message with all that is known of it. */
export function messageView(again: (to: string) => void, close: () => void) {
  const node = el('article', { class: 'message', 'aria-label': 'Message', tabindex: '-1' })
  let tab: Tab = 'HTML'
  const look: Look = { width: 'desktop', dark: false, pictures: false }
  const head = el('div', { class: 'head' })
  const panel = el('div', { role: 'tabpanel', id: 'panel', tabindex: '0' })
  let shown = ''
  let drawn = ''
  return {
    node,
    clear(): void {
      shown = ''
      node.replaceChildren(el('p', { class: 'empty' }, 'Choose a message. "?" shows the keys.'))
    },
    show(message: Message): void {
      if (message.id !== shown) {
        look.pictures = false
        if (tab === 'HTML' || tab === 'Text') tab = message.html === '' ? 'Text' : 'HTML'
      }
      shown = message.id
      draw(message)
    },
  }

  /** What has not changed stays as it is: a frame that is put in its place again loads again. */
  function draw(message: Message): void {
    head.replaceChildren(
      el('div', { class: 'back' }, button('Back to the list', { class: 'tool' }, close)),
      el('h2', {}, message.subject === '' ? '(no subject)' : message.subject),
      facts(message),
      verdict(message),
      reactions(message),
      tabs(message),
    )
    const now = JSON.stringify([message.id, message.viewer, tab, look, tab === 'HTML' ? message.html : message])
    if (node.contains(panel) && now === drawn) return
    drawn = now
    panel.setAttribute('aria-labelledby', `tab-${tab}`)
    panel.replaceChildren(content(message))
    node.replaceChildren(head, panel)
  }

  function tabs(message: Message): HTMLElement {
    const list = el('div', { role: 'tablist', 'aria-label': 'Views' })
    for (const name of TABS) {
      const count = { Parts: message.parts.length, Events: message.events.length, Webhooks: message.calls.length }[
        name as 'Parts'
      ]
      const one = button(count === undefined ? name : `${name} ${count}`, {}, () => {
        tab = name
        draw(message)
        document.getElementById(`tab-${name}`)?.focus()
      })
      one.id = `tab-${name}`
      one.setAttribute('role', 'tab')
      one.setAttribute('aria-selected', String(name === tab))
      one.setAttribute('aria-controls', 'panel')
      one.tabIndex = name === tab ? 0 : -1
      one.addEventListener('keydown', (event) => {
        const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
        if (by === undefined) return
        tab = TABS[(TABS.indexOf(name) + by + TABS.length) % TABS.length] ?? name
        draw(message)
        document.getElementById(`tab-${tab}`)?.focus()
      })
      list.append(one)
    }
    return list
  }

  function content(message: Message): HTMLElement {
    switch (tab) {
      case 'HTML':
        return message.html === '' ? el('p', { class: 'empty' }, 'It has no HTML.') : frame(message)
      case 'Text':
        return el('pre', {}, message.text === '' ? '(no text)' : message.text)
      case 'Headers':
        return table(
          ['Header', 'Value'],
          message.headers.map(([name, value]) => [name, value]),
        )
      case 'Source':
        return el('pre', { class: 'source' }, message.source)
      case 'Parts':
        return parts(message)
      case 'Events':
        return message.events.length === 0
          ? el('p', { class: 'empty' }, 'Nothing happened to it.')
          : table(
              ['Time', 'Event', 'Recipient', 'What was said'],
              message.events.map(({ time, event, recipient, detail }) => [timeText(time), event, recipient, detail]),
            )
      case 'Webhooks':
        return calls(message)
    }
  }

  function frame(message: Message): HTMLElement {
    const address = addressOf(
      message.id,
      `/html?to=${encodeURIComponent(message.viewer)}${look.pictures ? '&pictures=1' : ''}`,
    )
    const box = el('iframe', {
      src: address,
      title: 'The message as HTML',
      sandbox: 'allow-popups allow-popups-to-escape-sandbox',
      referrerpolicy: 'no-referrer',
      class: `${look.width}${look.dark ? ' dark' : ''}`,
    })
    const toggle = (label: string, isOn: boolean, act: () => void) =>
      button(label, { class: 'tool', 'aria-pressed': String(isOn) }, () => {
        act()
        draw(message)
      })
    return el(
      'div',
      { class: 'html' },
      el(
        'div',
        { class: 'tools' },
        toggle('Desktop', look.width === 'desktop', () => {
          look.width = 'desktop'
        }),
        toggle('Phone', look.width === 'phone', () => {
          look.width = 'phone'
        }),
        toggle('Dark', look.dark, () => {
          look.dark = !look.dark
        }),
        message.hasRemotePictures
          ? toggle('Load pictures from elsewhere', look.pictures, () => {
              look.pictures = !look.pictures
            })
          : undefined,
        el('a', { href: address, target: '_blank', rel: 'noopener' }, 'Open alone'),
      ),
      box,
    )
  }

  function reactions(message: Message): HTMLElement | string {
    const able = message.recipients.filter(({ fate }) => fate === 'delivered' || fate === 'bounced')
    if (able.length === 0) return ''
    const who = el('select', { 'aria-label': 'As which recipient' })
    for (const { address } of able)
      who.append(el('option', { value: address, selected: address === message.viewer }, address))
    who.addEventListener('change', () => again(who.value))
    const act = (label: string, reaction: string, hint?: string) =>
      button(label, { class: 'tool', ...(hint === undefined ? {} : { title: hint }) }, () => {
        void react(message.id, who.value, reaction).then(() => again(who.value))
      })
    return el(
      'div',
      { class: 'tools', role: 'group', 'aria-label': 'What a recipient does' },
      el('span', {}, 'As'),
      who,
      act('Open', 'open', message.tracked.opens ? undefined : 'Opens of this login are not counted'),
      act('Complain', 'spam'),
      act('Unsubscribe', 'unsubscribe'),
      act('Bounce', 'bounce'),
    )
  }
}

function facts(message: Message): HTMLElement {
  const { from, envelopeFrom, time, channel, login, ip, size, account } = message
  const rows = [
    ['From', envelopeFrom === '' || from.includes(envelopeFrom) ? from : `${from} (envelope ${envelopeFrom})`],
    ['Sent', `${timeText(time)}, ${sizeText(size)}`],
    [
      'By',
      `${login === '' ? 'nobody' : login}${channel === 'api' ? ' through the API' : channel === 'ip' ? ' without a login' : ' over SMTP'}, from ${ip}${account === '' ? '' : `, for ${account}`}`,
    ],
  ]
  const list = el('dl', { class: 'facts' })
  for (const [name = '', value = ''] of rows) list.append(el('dt', {}, name), el('dd', {}, value))
  list.append(
    el('dt', {}, 'To'),
    el(
      'dd',
      { class: 'people' },
      ...message.recipients.map(({ address, fate, rule }) =>
        el(
          'span',
          {},
          address,
          ' ',
          mark(
            rule === '' ? fate : `${fate}: ${rule}`,
            fate === 'delivered' ? 'good' : fate === 'queued' || fate === 'delayed' ? 'wait' : 'bad',
          ),
        ),
      ),
    ),
  )
  return list
}

function verdict({ refused }: Message): HTMLElement | string {
  if (refused === null) return ''
  return el('div', { class: 'verdict' }, el('b', {}, `Refused by ${refused.rule}`), el('pre', {}, refused.text))
}

function parts({ id, parts: all }: Message): HTMLElement {
  const list = el('ul', { class: 'parts' })
  list.append(
    el('li', {}, el('a', { href: addressOf(id, '/raw'), download: true }, 'The whole message'), ' message/rfc822'),
  )
  for (const [at, { name, type, size, isInline }] of all.entries())
    list.append(
      el(
        'li',
        {},
        el('a', { href: addressOf(id, `/parts/${at}`), download: true }, name),
        ` ${type}, ${sizeText(size)}${isInline ? ', inside of the HTML' : ''}`,
      ),
    )
  return list
}

function calls({ calls: all }: Message): HTMLElement {
  if (all.length === 0) return el('p', { class: 'empty' }, 'No webhook asked for anything that happened to it.')
  const list = el('div', { class: 'calls' })
  for (const { event, url, body, taken, tries } of all)
    list.append(
      el(
        'details',
        {},
        el(
          'summary',
          {},
          mark(taken ? 'taken' : tries.length === 0 ? 'waits' : 'not taken', taken ? 'good' : 'bad'),
          ` ${event} to ${url}`,
        ),
        table(
          ['Time', 'Answer'],
          tries.map(({ time, status, error }) => [timeText(time), status === null ? error : String(status)]),
        ),
        el('pre', {}, body),
      ),
    )
  return list
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  return el(
    'div',
    { class: 'scroll' },
    el(
      'table',
      {},
      el('thead', {}, el('tr', {}, ...head.map((one) => el('th', { scope: 'col' }, one)))),
      el('tbody', {}, ...rows.map((row) => el('tr', {}, ...row.map((cell) => el('td', {}, cell))))),
    ),
  )
}
