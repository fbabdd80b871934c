const known = new Map<string, string>()

/** A name in camel case as others write it: `dkimVerified` is `dkim_verified`. */
export function snakeCase(name: string): string {
  const found = known.get(name)
  if (found !== undefined) return found
  const made = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  known.set(name, made)
  return made
}
