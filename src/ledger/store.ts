/** The text of one account's record, and the tag that a write has to name. */
export interface Stored {
  readonly text: string
  readonly tag: string
}

/** Who holds a ledger, for how long, and where to look. */
export interface Lease {
  readonly id: string
  /** `ada@build-7`, or the actor of a CI job. */
  readonly owner: string
  readonly command: string
  readonly url?: string
  /** ISO 8601. */
  readonly since: string
  /** ISO 8601; after that anybody may take it over. */
  readonly expires: string
}

/** A lease that is held; it is renewed by whoever holds it. */
export interface Held {
  readonly lease: Lease
  /** The expired lease that it took over, if it did. */
  readonly tookOver?: Lease
  /** Puts the expiry off; rejects with `LedgerError` code `LEASE_LOST` if somebody else has it by now. */
  renew(expires: string): Promise<void>
  release(): Promise<void>
}

/** Where ledgers are kept: one file for each sort of place, all behind this. */
export interface Store {
  /** For people, without credentials: `.mailconfig/ledger.json`, `https://gitlab.example.com/…`. */
  readonly where: string
  /** The names of the accounts that it knows. */
  names(): Promise<readonly string[]>
  /** An account without a record is left out. Rejects with `LedgerError`. */
  read(accounts: readonly string[]): Promise<ReadonlyMap<string, Stored>>
  /** Writes if the record still has this tag (undefined: if there is none), and answers the new tag; else `LedgerError` code `LEDGER_CHANGED`. */
  write(account: string, text: string, tag: string | undefined): Promise<string>
  /** Takes the lease for all these accounts or for none; rejects with `LockedError` while another lease holds. */
  lock(accounts: readonly string[], lease: Lease, now: Date): Promise<Held>
  /** Who holds these accounts. */
  holders(accounts: readonly string[]): Promise<readonly Lease[]>
  /** Frees whatever this lease holds, whoever asks. */
  unlock(leaseId: string): Promise<void>
  close(): Promise<void>
}

/** The ledger cannot be read, written or locked, and why. */
export class LedgerError extends Error {
  override readonly name: string = 'LedgerError'
  readonly code: string
  readonly hint: string | undefined

  constructor(code: string, message: string, options: { readonly hint?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint
  }
}

/** Somebody else holds it. */
export class LockedError extends LedgerError {
  override readonly name = 'LockedError'
  readonly holder: Lease

  constructor(where: string, holder: Lease) {
    super('LEDGER_LOCKED', `${where} is locked by ${holder.owner} (${holder.command}) until ${holder.expires}`, {
      hint: holder.url === undefined ? 'wait with --lock-timeout, or see "mailconfig unlock"' : `see ${holder.url}`,
    })
    this.holder = holder
  }
}
