import type { ApiDefinition } from '../../model/kind/api.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { MailReader } from '../../model/lint/mail-reader.ts'
import type { Validate } from '../../model/validation.ts'

/** What a spec is read with. */
export interface LoadOptions {
  readonly paths: readonly string[]
  readonly cwd: string
  readonly kinds: readonly ResourceKind[]
  readonly validate: Validate
  readonly env: Readonly<Record<string, string | undefined>>
  /** From `--var-file` and `--var`: they win over `vars:` in a document. */
  readonly vars?: Readonly<Record<string, string>>
  readonly exec?: ((command: string) => string) | undefined
  /** Only the form of references is looked at: values need not be there, and no command runs. */
  readonly formOnly?: boolean
  /** Every problem of a list is said one by one. */
  readonly allProblems?: boolean
  /** Warnings count as problems. */
  readonly strict?: boolean
  /** Accounts that are answered by an emulator need no credentials. */
  readonly emulated?: boolean
  /** Texts by full path that count instead of what is on the disk: a file as it would be. */
  readonly texts?: ReadonlyMap<string, string>
  /** Files that the spec names may be hidden. */
  readonly allowHidden?: boolean
  /** Which lints run, if any. */
  readonly lint?: LintOptions
  /** What accounts may be of; the first one where a spec says none. */
  readonly apis: readonly ApiDefinition[]
}

/** Which lints run, and what they need that the engine does not have. */
export interface LintOptions {
  /** `errors`: only those that the spec makes an error, for a run that goes on after warnings. */
  readonly which: 'all' | 'errors'
  /** Loads what reads the bodies of mails; called where there is a template. */
  readonly mail: () => Promise<MailReader>
}
