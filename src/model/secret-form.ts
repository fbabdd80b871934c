import { SENSITIVE } from './secret.ts'

/** Forms of whole credentials, as regular expressions: each API brings its own. */
const forms = new Set<string>()
let together: RegExp | undefined

/** From now on texts of this form are secrets, wherever they stand. `form` is the source of a regular expression. */
export function addSecretForm(form: string): void {
  forms.add(form)
  together = new RegExp([...forms].map((one) => `(?:${one})`).join('|'), 'g')
}

/** A text without the credentials in it that are known by their form. */
export function hideSecretForms(text: string): string {
  return together === undefined ? text : text.replace(together, SENSITIVE)
}

/** True for a text that holds a credential, known by its form. */
export function hasSecretForm(text: string): boolean {
  return together !== undefined && text.search(together) >= 0
}
