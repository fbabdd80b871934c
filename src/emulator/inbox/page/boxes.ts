import type { Box, Login } from './api.ts'
import { el } from './element.ts'

const GROUPS = [
  { channel: 'smtp', title: 'SMTP users' },
  { channel: 'api', title: 'API keys' },
  { channel: 'ip', title: 'IP addresses' },
] as const

/** A mailbox for each login and key, and one for all. */
export function boxList(choose: (login: Login | undefined) => void) {
  const list = el('div', {})
  const node = el(
    'nav',
    { class: 'boxes', 'aria-label': 'Mailboxes' },
    el('h2', { class: 'unseen' }, 'Mailboxes'),
    list,
  )
  let chosen: Login | undefined
  let known: readonly Box[] = []
  return { node, show }

  function show(boxes: readonly Box[]): void {
    known = boxes
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['box'] : undefined
    const sum = (of: (one: Box) => number) => boxes.reduce((total, one) => total + of(one), 0)
    const all = { count: sum(({ count }) => count), unseen: sum(({ unseen }) => unseen) }
    list.replaceChildren(
      el('ul', {}, entry('All mail', '', all, undefined)),
      ...GROUPS.flatMap(({ channel, title }) => {
        const own = boxes.filter((one) => one.channel === channel)
        if (own.length === 0) return []
        const entries = own.map((one) => entry(one.login === '' ? 'Without a login' : one.login, one.account, one, one))
        return [
          el('h3', { id: `group-${channel}` }, title),
          el('ul', { 'aria-labelledby': `group-${channel}` }, ...entries),
        ]
      }),
    )
    if (focused === undefined) return
    for (const one of list.querySelectorAll('button')) if (one.dataset['box'] === focused) one.focus()
  }

  function entry(
    name: string,
    account: string,
    { count, unseen }: { readonly count: number; readonly unseen: number },
    login: Login | undefined,
  ): HTMLLIElement {
    const isChosen = login?.login === chosen?.login && login?.channel === chosen?.channel
    const kinds = ['box', ...(count === 0 ? ['bare'] : []), ...(unseen > 0 ? ['unseen-mail'] : [])]
    const item = el(
      'button',
      {
        type: 'button',
        class: kinds.join(' '),
        'aria-pressed': String(isChosen),
        'data-box': login === undefined ? 'all' : `${login.channel} ${login.login}`,
      },
      el(
        'span',
        { class: 'name', title: name },
        name,
        account === '' ? undefined : el('span', { class: 'account' }, account),
      ),
      el('span', { class: 'count' }, String(count), el('span', { class: 'unseen' }, ` messages, ${unseen} unread`)),
    )
    item.addEventListener('click', () => {
      chosen = login
      show(known)
      choose(login)
    })
    return el('li', {}, item)
  }
}
