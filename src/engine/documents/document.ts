import type { Source } from '../../model/position.ts'
import type { SpecFile } from '../yaml/files.ts'

/** One document of a spec with its references replaced; structurally sound. */
export interface Document {
  readonly file: SpecFile
  readonly source: Source
  readonly overlay: boolean
  readonly account: string | undefined
  readonly subaccount: string | undefined
  readonly accounts: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly manage: Readonly<Record<string, unknown>>
  /** What has to hold about who may send, as it is written. */
  readonly tests: unknown
  readonly ignore: readonly string[]
  readonly safety: Readonly<Record<string, unknown>>
  readonly lint: Readonly<Record<string, unknown>>
  /** Section contents by kind, as in the file but resolved. */
  readonly sections: ReadonlyMap<string, unknown>
}
