type Child = Node | string | undefined

/** An element with attributes and children; a text stays a text. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | boolean | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : value)
  for (const child of children) if (child !== undefined) node.append(child)
  return node
}

/** A button with what it does. */
export function button(
  label: string,
  attributes: Readonly<Record<string, string | undefined>>,
  act: () => void,
): HTMLButtonElement {
  const node = el('button', { type: 'button', ...attributes }, label)
  node.addEventListener('click', act)
  return node
}

/** How a word looks. */
type Tone = 'good' | 'bad' | 'wait' | 'quiet' | 'tag'

/** A word in a frame. */
export function mark(text: string, tone: Tone): HTMLElement {
  return el('span', { class: `mark ${tone}` }, text)
}

/** How what became of a message looks. */
export function toneOf(fate: string): Tone {
  if (fate === 'delivered') return 'good'
  return fate === 'queued' || fate === 'delayed' ? 'wait' : 'bad'
}

/** A table with a head. */
export function table(head: readonly string[], rows: readonly (readonly Child[])[]): HTMLElement {
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

/** `2.4 kB` */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}

/** A time of today as `14:05:09`, any other with its day. */
export function timeText(iso: string): string {
  const time = new Date(iso)
  const isToday = time.toDateString() === new Date().toDateString()
  return isToday ? time.toLocaleTimeString([], { hour12: false }) : time.toLocaleString([], { hour12: false })
}
