import { isRecord } from '../../model/json.ts'
import { httpAddressOf } from './address.ts'
import { accountsOf, corrupt, leaseLost, parseDocument, type StoredAccounts, storeDocumentOf } from './document.ts'
import { checkFree, documentStore, leaseOf, momentary } from './document-store.ts'
import { holderOf, lockInfo, refused, send } from './http-protocol.ts'
import { isExpired, type Lease, type LeaseRequest, LedgerError, LockedError, type Store } from './store.ts'

/** So many answers in a row have to say that nothing is there. */
const EMPTY_LOOKS = 3
const EMPTY_PAUSE_MS = 150

/** What stands at the address. The lease is that of the last writer; whether it holds, only the lock says. */
type State = {
  readonly serial: number
  readonly lineage: string
  readonly lease: Lease | undefined
  readonly accounts: StoredAccounts
}

/** How often a server is asked that had a ledger and shows none. */
const LOOKS_AGAIN = 3

/** A ledger behind Terraform's HTTP protocol for state: GitLab's managed state, or any server that speaks it. */
export function openHttp(
  url: string,
  options: {
    readonly env: Readonly<Record<string, string | undefined>>
    readonly now: () => Date
    /** How requests are sent where not as usual: through a proxy. */
    readonly fetch?: typeof fetch | undefined
  },
): Store {
  const place = { ...httpAddressOf(url, options.env), fetch: options.fetch ?? fetch }
  const { where } = place
  let seen = false

  async function read(looks = 1): Promise<State> {
    for (let look = 1; ; look++) {
      const { status, text } = await send(place, 'GET', place.address)
      const isEmpty = status === 404 || status === 204 || (status === 200 && text === '')
      if (!isEmpty && status !== 200) throw refused(where, status, 'read')
      if (!isEmpty) {
        const state = stateOf(where, parseDocument(where, text))
        seen = true
        return state
      }
      // one answer is not proof: a server that is restored, or a cache in between, may have nothing for a moment
      if (look >= (seen ? Math.max(looks, LOOKS_AGAIN) : looks)) {
        if (seen)
          throw new LedgerError('LEDGER_VANISHED', `${where} had a ledger a moment ago, and shows none now`, {
            hint: 'nothing was overwritten: check the server and run again',
          })
        return emptyState()
      }
      await new Promise((resolve) => setTimeout(resolve, EMPTY_PAUSE_MS))
    }
  }

  /** Puts a new version in place, under a lock of this id; answers false where the server says that it holds no more. */
  async function save(state: State, lease: Lease, accounts: StoredAccounts): Promise<boolean> {
    const address = new URL(place.address)
    address.searchParams.set('ID', lease.id)
    const serial = state.serial + 1
    const text = JSON.stringify({
      version: 4,
      serial,
      lineage: state.lineage,
      outputs: {},
      resources: [],
      mailconfig: { ...storeDocumentOf(accounts), lease },
    })
    // Once an answer is lost it is unknown whether the version is there; the same serial again would be refused.
    const isThere = async () => {
      const now = await read()
      return now.serial === serial && now.lease?.id === lease.id && now.lease.expires === lease.expires
    }
    const { status } = await send(place, place.updateMethod, address, { text, isThere })
    if (status === 409 || status === 423) return false
    if (status < 200 || status > 299) throw refused(where, status, 'written')
    seen = true
    return true
  }

  async function tryLock(lease: LeaseRequest): Promise<Lease | undefined> {
    const { status, text } = await send(place, place.lockMethod, place.lockAddress, { text: lockInfo(lease, where) })
    if (status >= 200 && status <= 299) return undefined
    if (status !== 409 && status !== 423) throw refused(where, status, 'locked')
    return holderOf(text, (await read()).lease)
  }

  /** Answers false where the lock is somebody else's, or nobody's. */
  async function free(lease: Lease): Promise<boolean> {
    const address = new URL(place.unlockAddress)
    if (place.unlockById) address.searchParams.set('ID', lease.id)
    const { status } = await send(place, place.unlockMethod, address, { text: lockInfo(lease, where) })
    if (status === 404 || status === 409 || status === 423) return false
    if (status < 200 || status > 299) throw refused(where, status, 'unlocked')
    return true
  }

  /** Frees the lock of this id, and takes its lease out of the document: some servers let an old id write while nobody locks. */
  async function freeFromOutside(id: string): Promise<void> {
    const now = options.now()
    if (!(await free({ id, owner: '', command: 'unlock', since: now.toISOString() }))) return
    if ((await read()).lease?.id !== id) return
    const lease = momentary(now)
    if ((await tryLock(lease)) !== undefined) return // the next one is here already, and writes its own
    try {
      const state = await read()
      if (state.lease?.id === id) await save(state, lease, state.accounts)
    } finally {
      await free(lease)
    }
  }

  /** Locks, over an expired lease too; answers the one it took over. */
  async function take(lease: LeaseRequest, now: Date): Promise<Lease | undefined> {
    const holder = await tryLock(lease)
    if (holder === undefined || holder.id === lease.id) return undefined
    checkFree(where, holder, now)
    await free(holder)
    const other = await tryLock(lease)
    if (other !== undefined && other.id !== lease.id) throw new LockedError(where, other)
    return holder
  }

  /** The protocol has no way to ask who holds a lock, other than to try it. */
  async function holder(): Promise<Lease | undefined> {
    const lease = momentary(options.now())
    let found: Lease | undefined
    try {
      found = await tryLock(lease)
    } catch (error) {
      if (!(error instanceof LedgerError) || error.code !== 'LEDGER_DENIED') throw error
      const written = (await read()).lease // a client that may only read goes by the last writer, until its time is up
      return written === undefined || isExpired(written, options.now()) ? undefined : written
    }
    if (found !== undefined && found.id !== lease.id) return found
    await free(lease)
    return undefined
  }

  /** Writes the lease into the document, since the protocol can neither renew a lock nor say all about its holder. */
  async function announce(lease: Lease, mine: 'new' | 'renewed'): Promise<void> {
    const state = await read(EMPTY_LOOKS)
    if (mine === 'renewed' && state.lease?.id !== lease.id) throw leaseLost(where)
    if (!(await save(state, lease, state.accounts))) throw leaseLost(where)
  }

  return documentStore(
    {
      where,
      accounts: async () => (await read()).accounts,
      update: async ({ id, moment }, change) => {
        const state = await read(moment === undefined ? EMPTY_LOOKS : 1)
        const lease = moment ?? state.lease
        if (lease?.id !== id) throw leaseLost(where)
        if (!(await save(state, lease, change(state.accounts)))) throw leaseLost(where)
        return true
      },
      take,
      announce: (lease) => announce(lease, 'new'),
      replace: async (lease, next) => {
        if (next === undefined) return await free(lease)
        await announce(next, 'renewed')
        return true
      },
      holder,
      unlock: freeFromOutside,
    },
    options.now,
  )
}

function emptyState(): State {
  return { serial: 0, lineage: crypto.randomUUID(), lease: undefined, accounts: new Map() }
}

function stateOf(where: string, document: unknown): State {
  if (!isRecord(document)) throw corrupt(where, 'it is not an object')
  const { serial, lineage, mailconfig } = document
  if (mailconfig === undefined) throw corrupt(where, 'it is a state of Terraform, or something else that is not ours')
  if (typeof serial !== 'number' || typeof lineage !== 'string') throw corrupt(where, 'it has no serial or no lineage')
  const accounts = accountsOf(where, mailconfig)
  return { serial, lineage, accounts, lease: isRecord(mailconfig) ? leaseOf(mailconfig['lease']) : undefined }
}
