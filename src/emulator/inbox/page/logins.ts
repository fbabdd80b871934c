import type { Login } from './api.ts'
import { el } from './element.ts'

const CHANNELS: Readonly<Record<string, string>> = { smtp: 'SMTP user', api: 'API key', ip: 'IP address' }

/** A mailbox for each login, and one for all. */
export function loginList(choose: (login: Login | undefined) => void) {
  const list = el('ul', {})
  const node = el('nav', { class: 'logins', 'aria-label': 'Mailboxes' }, el('h2', {}, 'Mailboxes'), list)
  let chosen: Login | undefined
  const isChosen = (one: Login | undefined) => one?.login === chosen?.login && one?.channel === chosen?.channel
  return { node, show }

  function show(logins: readonly Login[]): void {
    const count = (of: (one: Login) => number) => logins.reduce((sum, one) => sum + of(one), 0)
    const everything = entry(
      'Everything',
      'all logins',
      count((one) => one.count),
      count((one) => one.unseen),
      undefined,
    )
    list.replaceChildren(
      everything,
      ...logins.map((one) => {
        const name = one.login === '' ? 'Nobody' : one.login
        return entry(
          name,
          one.login === '' ? 'without a login' : (CHANNELS[one.channel] ?? ''),
          one.count,
          one.unseen,
          one,
        )
      }),
    )
  }

  function entry(name: string, kind: string, count: number, unseen: number, login: Login | undefined): HTMLLIElement {
    const item = el(
      'button',
      { type: 'button', 'aria-pressed': String(isChosen(login)) },
      el('span', { class: 'name' }, name),
      el('span', { class: 'kind' }, kind),
      el(
        'span',
        { class: unseen > 0 ? 'count unseen' : 'count', 'aria-label': `${count} messages, ${unseen} not looked at` },
        String(count),
      ),
    )
    item.addEventListener('click', () => {
      chosen = login
      choose(login)
    })
    return el('li', {}, item)
  }
}
