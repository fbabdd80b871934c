/** Which changes a run is about: globs of addresses, with or without their scope. */
export interface Selection {
  readonly only: readonly string[]
  readonly exclude: readonly string[]
}
