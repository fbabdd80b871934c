import { inspect } from 'node:util'

/** What stands in every output where a secret would be. */
export const SENSITIVE = '(sensitive)'

/** A value that no output may show: it prints, serialises and inspects as `(sensitive)`, or as the text around its secret parts. */
export class Secret {
  readonly #value: string
  readonly #shown: string | undefined

  /** `shown`: a text that anybody may see, with `(sensitive)` where secrets stand in it. */
  constructor(value: string, shown?: string) {
    this.#value = value
    this.#shown = shown
  }

  /** The value itself, for the wire and for nothing else. */
  reveal(): string {
    return this.#value
  }

  /** True for a text of a field that anybody sees, in which a secret stands. */
  get isPart(): boolean {
    return this.#shown !== undefined
  }

  /** Another text in place of this one, with the same rewriting of what is shown. */
  rewritten(change: (text: string) => string): Secret {
    return new Secret(change(this.#value), this.#shown === undefined ? undefined : change(this.#shown))
  }

  toString(): string {
    return this.#shown ?? SENSITIVE
  }

  toJSON(): string {
    return this.toString()
  }

  [inspect.custom](): string {
    return this.toString()
  }
}

/** A value in which every secret is what it is: for the wire, and for code that checks a value and shows nothing of it. */
export function revealed(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal()
  if (Array.isArray(value)) return value.map(revealed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, revealed(one)]))
}

/** True if a secret stands anywhere in a value. */
export function holdsSecret(value: unknown): boolean {
  if (value instanceof Secret) return true
  if (Array.isArray(value)) return value.some(holdsSecret)
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsSecret)
}
