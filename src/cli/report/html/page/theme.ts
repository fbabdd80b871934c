import { button } from './element.ts'

const THEMES = ['auto', 'light', 'dark'] as const
const NAME = 'mailconfig-theme'

/** A switch between the colours of the system, light and dark; remembered where the browser allows it. */
export function themeSwitch(): { readonly node: HTMLElement; readonly next: () => void } {
  let theme = THEMES.find((one) => one === stored()) ?? 'auto'
  const next = () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto'
    store(theme)
    apply()
  }
  const node = button('', { class: 'tool', 'aria-keyshortcuts': 't' }, next)
  const apply = () => {
    if (theme === 'auto') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
    node.textContent = `Colours: ${theme}`
  }
  apply()
  return { node, next }
}

function stored(): string | null {
  try {
    return localStorage.getItem(NAME)
  } catch {
    return null // a page from a file may have no storage
  }
}

function store(theme: string): void {
  try {
    localStorage.setItem(NAME, theme)
  } catch {
    return
  }
}
