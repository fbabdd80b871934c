import { inspect } from 'node:util'

/** What stands in every output where a secret would be. */
export const SENSITIVE = '(sensitive)'

/** A value that no output may show: it prints, serialises and inspects as `(sensitive)`. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The value itself, for the wire and for nothing else. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return SENSITIVE
  }

  toJSON(): string {
    return SENSITIVE
  }

  [inspect.custom](): string {
    return SENSITIVE
  }
}
