/** A row of the emulator's state, in the API's own words. */
export type Row = Record<string, unknown>

/** The emulator's state, as far as tests reach into it. */
export interface State {
  readonly smtp2go: {
    readonly keys: Row[]
    readonly scopes: Readonly<Record<string, Readonly<Record<string, Row[] & Row>>>>
    readonly subaccounts: Row[]
  }
  readonly backoffice: { readonly providers: Row[] }
}
