/** A JSON Schema (draft 7, which editors know best), with the editor's own word for a better message. */
export type JsonSchema = { readonly [word: string]: unknown }

/** A text that has a reference in it, as a pattern. */
export const REFERENCE = '\\$\\{'

/** Any character at all, as a pattern. */
export const ANY = '[\\s\\S]'
