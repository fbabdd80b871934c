import { type Listing, type Login, list, opened, read, remove } from './api.ts'
import { button, el } from './element.ts'
import { listenToKeys } from './keys.ts'
import { loginList } from './logins.ts'
import { messageView } from './message.ts'
import { rowList } from './rows.ts'

/** How often the page asks whether something has come. */
const PAUSE_MS = 1500

void start()

/** Draws the page, and goes on asking. */
async function start(): Promise<void> {
  let login: Login | undefined
  let version = ''
  let turns = 0
  let viewer = ''
  let known: Listing | undefined
  const status = el('p', { class: 'status', role: 'status' })
  const search = el('input', {
    type: 'search',
    placeholder: 'to: from: subject: user: event: has:attachment before: after:',
    'aria-label': 'Search messages',
    spellcheck: 'false',
  })
  const view = messageView(
    (to) => void show(rows.current?.id, to),
    () => {
      document.body.classList.remove('reading')
      rows.focus()
    },
  )
  const rows = rowList((row) => {
    document.body.classList.add('reading')
    void show(row.id, '', true)
  })
  const logins = loginList((chosen) => {
    login = chosen
    document.body.classList.remove('reading')
    void refresh(true)
  })
  const removeOne = () => {
    const { current } = rows
    if (current === undefined) return
    rows.move(1)
    void remove([current.id]).then(() => refresh(true))
  }
  const removeAll = () => {
    if (window.confirm('Forget every message?')) void remove().then(() => refresh(true))
  }
  const { dialog, help } = listenToKeys([
    { key: 'j', does: 'next message', act: () => rows.move(1) },
    { key: 'k', does: 'previous message', act: () => rows.move(-1) },
    { key: 'Enter', does: 'to the message', act: () => view.node.focus() },
    { key: 'Escape', does: 'back to the list', act: () => document.body.classList.remove('reading') },
    { key: '/', does: 'search', act: () => search.focus() },
    { key: 'd', does: 'forget this message', act: removeOne },
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
        button('Forget all', { class: 'tool' }, removeAll),
        button('Keys', { class: 'tool', 'aria-keyshortcuts': '?' }, help),
      ),
    ),
    el('main', {}, logins.node, rows.node, view.node),
    dialog,
  )
  view.clear()
  await refresh(true)
  for (;;) {
    await new Promise((done) => setTimeout(done, PAUSE_MS))
    if (!document.hidden) await refresh(false)
  }

  async function refresh(isForced: boolean): Promise<void> {
    const query = {
      search: search.value,
      ...(login === undefined ? {} : { login: login.login, channel: login.channel }),
      ...(isForced ? {} : { since: version }),
    }
    const found = await list(query).catch(() => null)
    if (found === null) {
      status.textContent = 'The emulator does not answer.'
      return
    }
    if (found === undefined) return
    const isNew = known !== undefined && found.total > known.total
    known = found
    version = found.version
    logins.show(found.logins)
    rows.show(found, search.value !== '')
    const count = `${found.total} ${found.total === 1 ? 'message' : 'messages'}`
    status.textContent = isNew ? `${count}, new mail` : count
    const { current } = rows
    if (current === undefined) view.clear()
    else if (!isForced) await show(current.id, viewer)
  }

  async function show(id: string | undefined, to = '', isOpening = false): Promise<void> {
    if (id === undefined) return
    const turn = ++turns
    const message = await read(id, to)
    if (turn !== turns) return // another one was chosen meanwhile
    if (message === undefined) return view.clear()
    viewer = message.viewer
    view.show(message)
    if (isOpening) await opened(id, message.viewer)
  }
}
