import { PREVIEW_POLICY, PREVIEW_STYLE } from '../contents.ts'
import { button, el } from './element.ts'

/** A text that can be seen as the page that it is. */
interface Preview {
  readonly label: string
  readonly markup: string
}

/** Tabs: the text itself, and how it looks. */
export function withPreview(name: string, text: () => HTMLElement, previews: readonly Preview[]): HTMLElement {
  const panel = el('div', { class: 'panel' })
  const views = [
    { label: 'Text', show: text },
    ...previews.map(({ label, markup }) => ({
      label: `Preview ${label.toLowerCase()}`,
      show: () => frame(`${name}, ${label.toLowerCase()}`, markup),
    })),
  ]
  const buttons = views.map(({ label, show }, at) =>
    button(label, { 'aria-pressed': String(at === 0) }, () => {
      for (const [other, one] of buttons.entries()) one.setAttribute('aria-pressed', String(other === at))
      panel.replaceChildren(show())
    }),
  )
  panel.replaceChildren(text())
  return el(
    'div',
    {},
    el('div', { class: 'tabs', role: 'group', 'aria-label': `How ${name} is shown` }, ...buttons),
    panel,
  )
}

/** The page in a box: no script runs in it, and nothing is loaded. */
function frame(title: string, markup: string): HTMLElement {
  const box = el('iframe', {
    sandbox: '',
    title: `Preview of ${title}`,
    referrerpolicy: 'no-referrer',
    class: 'preview',
  })
  box.srcdoc = harmless(markup)
  return el(
    'div',
    {},
    box,
    el('p', { class: 'quiet' }, 'Pictures and other things from elsewhere are not loaded, gaps are not filled in.'),
  )
}

/** The page without what could act or load. The box and the policy stop that as well, all but a connection opened in advance. */
function harmless(markup: string): string {
  const page = new DOMParser().parseFromString(markup, 'text/html')
  for (const node of page.querySelectorAll(
    'script,link,base,meta,iframe,frame,frameset,object,embed,audio,video,source,template,noscript',
  ))
    node.remove()
  for (const node of page.querySelectorAll('*'))
    for (const { name, value } of [...node.attributes])
      if (
        /^on|^(?:srcset|background|poster|ping|action|formaction|manifest|href|xlink:href)$/i.test(name) ||
        (name === 'src' && !/^data:image\//i.test(value))
      )
        node.removeAttribute(name)
  const head = `<meta http-equiv="Content-Security-Policy" content="${PREVIEW_POLICY}"><meta http-equiv="x-dns-prefetch-control" content="off"><style>${PREVIEW_STYLE}</style>`
  page.head.insertAdjacentHTML('afterbegin', head)
  return `<!doctype html>${page.documentElement.outerHTML}`
}
