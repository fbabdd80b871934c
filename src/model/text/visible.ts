/** Characters that nobody sees, or that turn the direction of a text: controls, zero widths, marks of direction. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029]/u

/** What nobody sees in a text, by its number: `the invisible character U+200B`; undefined where there is nothing of the sort. */
export function oddities(text: string): string | undefined {
  const found = HIDDEN.exec(text)?.[0]
  return found === undefined ? undefined : `the invisible character ${characterNumber(found)}`
}

/** The number of a character as Unicode writes it: `U+200B`. */
function characterNumber(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
