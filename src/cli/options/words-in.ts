import type { CommandText, OptionText } from './command-text.ts'
import { VOCABULARY } from './vocabulary.ts'
import type { Word } from './word.ts'

/** The options that texts are about, each with its word, in the order of the texts. */
export function wordsIn(
  texts: NonNullable<CommandText['options']>,
): { readonly word: Word; readonly text: OptionText }[] {
  return names(texts).flatMap((name) => {
    const text = texts[name]
    if (text === undefined) return []
    return [{ word: VOCABULARY[name], text: typeof text === 'string' ? { summary: text } : text }]
  })
}

/** The names of a record, as what they are. */
export function names<N extends string>(record: Readonly<Partial<Record<N, unknown>>>): N[] {
  return Object.keys(record).filter((name): name is N => name in record)
}
