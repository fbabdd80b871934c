/** A place in a file that a user wrote; line and column count from 1. */
export interface Position {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** The way from a document's root to a value: keys and list indexes. */
export type Path = readonly (string | number)[]

/** Where a value came from: the n-th document of a file and the path inside it. Positions are worked out when needed. */
export interface Source {
  readonly file: string
  readonly document: number
  readonly path: Path
  /** Where it stands in another file, which this one names: a line of a list. */
  readonly at?: Position
}

/** Writes a path as people do: `smtpUsers[3].rateLimit.per`. */
export function formatPath(path: Path): string {
  return path.map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`)).join('')
}

/** Writes a position as `file:line:column`. */
export function formatPosition({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`
}

/** A source one step deeper. */
export function step(source: Source, name: string | number): Source {
  return { ...source, path: [...source.path, name] }
}
