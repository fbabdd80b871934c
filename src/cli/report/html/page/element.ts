import { visible } from '../../content/escape.ts'

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
  for (const child of children) if (child !== undefined) node.append(typeof child === 'string' ? visible(child) : child)
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
