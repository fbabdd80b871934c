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
  /** ISO 8601; after that anybody may take it over. Without it nobody can say, and only `unlock` frees it. */
  readonly expires?: string
}

/** A lease that is asked for: it always ends. */
export type LeaseRequest = Lease & { readonly expires: string }

/** A lease that is held; it is renewed by its holder. */
export interface HeldLease {
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
  /**
   * Writes if the record still has this tag (undefined: if there is none), and answers the new tag; else `LedgerError` code
   * `LEDGER_CHANGED`. The text is JSON. It is written under the lease that this store holds (`LEASE_LOST` if somebody else has
   * it by now); a store that holds none rejects with `LockedError` while somebody else does.
   */
  write(account: string, text: string, tag: string | undefined): Promise<string>
  /**
   * Takes the lease for all these accounts or for none, over an expired one too; rejects with `LockedError` while another holds.
   * A store that keeps all accounts in one document locks the whole of it.
   */
  lock(accounts: readonly string[], lease: LeaseRequest, now: Date): Promise<HeldLease>
  /** Who holds these accounts, expired or not. */
  holders(accounts: readonly string[]): Promise<readonly Lease[]>
  /** Frees whatever this lease holds; nothing happens if it holds nothing. */
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
    const doing = holder.command === '' ? '' : ` (${holder.command})`
    const end = holder.expires === undefined ? 'it is freed' : holder.expires
    super('LEDGER_LOCKED', `${where} is locked by ${holder.owner}${doing} until ${end}`, {
      hint: holder.url === undefined ? 'wait with --lock-timeout, or see "mailconfig unlock"' : `see ${holder.url}`,
    })
    this.holder = holder
  }
}

/** Whether anybody may take this lease over. */
export function isExpired(lease: Lease, now: Date): boolean {
  return lease.expires !== undefined && Date.parse(lease.expires) <= now.getTime()
}
