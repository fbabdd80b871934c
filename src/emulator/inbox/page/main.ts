import { type Listing, type Login, list, markUnread, opened, read, remove } from './api.ts'
import { boxList } from './boxes.ts'
import { button, el } from './element.ts'
import { listenToKeys } from './keys.ts'
import { messageView } from './message.ts'
import { rowList } from './rows.ts'

/** How often the page asks whether something has come. */
const PAUSE_MS = 1500

void start()

/** Draws the page, and goes on asking. */
async function start(): Promise<void> {
  let login: Login | undefined
  let known: Listing | undefined
  let viewer = ''
  let reads = 0
  let lists = 0
  const status = el('p', { class: 'status', role: 'status' })
  const search = el('input', {
    type: 'search',
    placeholder: 'to: from: subject: user: event: has:attachment before: after:',
    'aria-label': 'Search messages',
    'aria-keyshortcuts': '/',
    spellcheck: 'false',
    autocomplete: 'off',
  })
  const rows = rowList((row) => {
    document.body.classList.add('reading')
    void show(row.id, '', true)
  })
  const back = () => {
    document.body.classList.remove('reading')
    rows.focus()
  }
  const unread = () => {
    const { current } = rows
    if (current !== undefined) void markUnread(current.id).then(() => refresh(true))
  }
  const removeOne = () => {
    const { current } = rows
    if (current === undefined) return
    rows.leave()
    if (rows.current === undefined) back()
    void remove([current.id]).then(() => refresh(true))
  }
  const removeAll = () => {
    if (
      window.confirm('Remove every message from the inbox? The activity and the statistics of the account keep them.')
    )
      void remove().then(() => refresh(true))
  }
  const view = messageView({
    again: (to) => void show(rows.current?.id, to).then(() => refresh(true)),
    close: back,
    markUnread: unread,
    remove: removeOne,
  })
  const boxes = boxList((chosen) => {
    login = chosen
    document.body.classList.remove('reading')
    void refresh(true)
  })
  const { dialog, help } = listenToKeys([
    { key: 'j', does: 'next message', act: () => rows.move(1) },
    { key: 'k', does: 'previous message', act: () => rows.move(-1) },
    { key: 'Enter', does: 'into the message', act: () => view.node.focus() },
    { key: 'Escape', does: 'back to the list', act: back },
    { key: '/', does: 'search', act: () => search.focus() },
    { key: 'u', does: 'mark unread', act: unread },
    { key: 'd', does: 'remove this message', act: removeOne },
  ])
  search.addEventListener('input', () => void refresh(true))
  document.body.append(
    el(
      'header',
      {},
      el('h1', {}, 'Inbox ', el('span', {}, 'of the emulator: no mail leaves it')),
      el('div', { class: 'search', role: 'search' }, search),
      el(
        'div',
        { class: 'tools' },
        status,
        button('Remove all', { class: 'tool' }, removeAll),
        button('Keys', { class: 'tool', 'aria-keyshortcuts': '?' }, help),
      ),
    ),
    el('main', {}, boxes.node, rows.node, view.node),
    dialog,
  )
  view.clear()
  await refresh(true)
  for (;;) {
    await new Promise((done) => setTimeout(done, PAUSE_MS))
    if (!document.hidden) await refresh(false)
  }

  async function refresh(isForced: boolean): Promise<void> {
    const turn = ++lists
    const query = {
      search: search.value,
      ...(login === undefined ? {} : { login: login.login, channel: login.channel }),
      ...(isForced || known === undefined ? {} : { since: known.version }),
    }
    const found = await list(query).catch(() => null)
    if (turn !== lists) return // something else was asked for meanwhile
    if (found === null) {
      status.textContent = 'The emulator does not answer.'
      return
    }
    if (found === undefined) return
    const isNew = !isForced && known !== undefined && found.total > known.total
    known = found
    boxes.show(found.boxes)
    rows.show(found, search.value !== '')
    const count = `${found.total} ${found.total === 1 ? 'message' : 'messages'}`
    status.textContent = isNew ? `${count}, new mail` : count
    const unseen = found.boxes.reduce((sum, box) => sum + box.unseen, 0)
    document.title = `${unseen > 0 ? `(${unseen}) ` : ''}Inbox of the emulator`
    const { current } = rows
    if (current === undefined) view.clear()
    else if (!isForced) await show(current.id, viewer)
  }

  async function show(id: string | undefined, to = '', isOpening = false): Promise<void> {
    if (id === undefined) return
    const turn = ++reads
    const message = await read(id, to).catch(() => undefined)
    if (turn !== reads) return // another one was chosen meanwhile
    if (message === undefined) return view.clear()
    viewer = message.viewer
    view.show(message)
    if (!isOpening) return
    await opened(id, message.viewer)
    await refresh(true)
    if (turn === reads && rows.current?.id === id) await show(id, message.viewer) // an open may have been counted
  }
}
