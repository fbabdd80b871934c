/** One way in which a document does not fit the JSON Schema, as the validator says it. */
export interface StructuralError {
  /** JSON pointer to the value. */
  readonly path: string
  readonly schemaPath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
  readonly schema: unknown
  readonly parent: Readonly<Record<string, unknown>>
  readonly data: unknown
}

/** Checks one document; an empty list if it fits. */
export type Validate = (document: unknown) => readonly StructuralError[]
