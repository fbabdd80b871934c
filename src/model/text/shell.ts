/** What every shell takes literally without quotes. */
const PLAIN = /^[A-Za-z0-9_./:=@%+,-]+$/

/** A text as one word of a POSIX shell: in single quotes where it needs any, so that a printed command can be pasted. */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/** The name of a file as one word that no program takes for an option. */
export function fileWord(name: string): string {
  return shellWord(name.startsWith('-') ? `./${name}` : name)
}
