import type { Pool } from 'pg'
import { errorCode } from '../../model/error-code.ts'
import { postgresAddressOf } from './address.ts'
import { changed, leaseLost } from './document.ts'
import { leaseIn } from './document-store.ts'
import {
  type HeldLease,
  type Lease,
  type LeaseRequest,
  LedgerError,
  LockedError,
  type Store,
  type Stored,
} from './store.ts'

/** A ledger in a table of PostgreSQL: one row for each account, and leases by the database's clock. */
export function openPostgres(
  url: string,
  options: { readonly env: Readonly<Record<string, string | undefined>> },
): Store {
  const { where, connection, schema, password } = postgresAddressOf(url, options.env)
  const table = `${schema === undefined ? '' : `${quoted(schema)}.`}mailconfig_ledger`
  const held = new Map<string, string>()
  let opening: Promise<Pool> | undefined

  /** Connects once, and makes the table where there is none. */
  function ready(): Promise<Pool> {
    opening ??= open(connection).then(async (pool) => {
      const found = await pool.query<{ name: string | null }>('select to_regclass($1)::text as name', [table])
      if ((found.rows[0]?.name ?? null) === null) await makeTable(pool, table)
      return pool
    })
    opening.catch(() => {
      opening = undefined
    })
    return opening
  }

  async function told<T>(run: (pool: Pool) => Promise<T>): Promise<T> {
    try {
      return await run(await ready())
    } catch (error) {
      throw error instanceof LockedError || error instanceof LedgerError ? error : failed(where, error, password)
    }
  }

  async function write(pool: Pool, account: string, text: string, tag: string | undefined): Promise<string> {
    const lease = held.get(account) ?? null
    const mine =
      '(($3::text is null and (t.lease_id is null or t.lease_expires <= clock_timestamp())) or t.lease_id = $3)'
    const { rows } =
      tag === undefined
        ? await pool.query<{ serial: string }>(
            `insert into ${table} as t (account, record, serial) select $1, $2, 1 where $3::text is null
             or exists (select from ${table} as t where account = $1)
             on conflict (account) do update set record = $2, serial = t.serial + 1
             where t.record is null and ${mine} returning serial::text`,
            [account, text, lease],
          )
        : await pool.query<{ serial: string }>(
            `update ${table} as t set record = $2, serial = t.serial + 1
             where account = $1 and record is not null and serial::text = $4 and ${mine} returning serial::text`,
            [account, text, lease, tag],
          )
    const written = rows[0]
    if (written !== undefined) return written.serial
    const holder = await holderOf(pool, account)
    if (lease !== null && holder?.lease.id !== lease) throw leaseLost(where)
    if (lease === null && holder?.expired === false) throw new LockedError(where, holder.lease)
    throw changed(where, account)
  }

  async function holderOf(pool: Pool, account: string) {
    const { rows } = await pool.query<LeaseRow>(`select ${LEASE} from ${table} where account = $1`, [account])
    return rows.map(leaseOfRow)[0]
  }

  /** Answers the expired lease that it took over, if it did. */
  async function take(
    pool: Pool,
    accounts: readonly string[],
    lease: LeaseRequest,
    ttlMs: number,
  ): Promise<Lease | undefined> {
    const names = [...new Set(accounts)].sort(byBytes) // one order for everybody, so that no two wait for each other
    const client = await pool.connect()
    client.on('error', ignore) // it breaks between two questions; the next one says so
    let broken = true
    try {
      await client.query('begin')
      for (const name of names) {
        await client.query(`insert into ${table} (account) values ($1) on conflict do nothing`, [name])
      }
      const { rows } = await client.query<LeaseRow>(
        `select ${LEASE} from ${table} where account = any($1) order by account collate "C" for update`,
        [names],
      )
      const holders = rows.flatMap((row) => leaseOfRow(row) ?? [])
      const living = holders.find(({ expired }) => !expired)
      if (living === undefined) {
        await client.query(
          `update ${table} set lease_id = $2, lease = $3,
           lease_expires = clock_timestamp() + $4 * interval '1 millisecond' where account = any($1)`,
          [names, lease.id, JSON.stringify(lease), ttlMs],
        )
      }
      await client.query(living === undefined ? 'commit' : 'rollback')
      broken = false
      if (living !== undefined) throw new LockedError(where, living.lease)
      return holders[0]?.lease
    } finally {
      client.off('error', ignore)
      client.release(broken)
    }
  }

  async function free(id: string): Promise<void> {
    await told((pool) =>
      pool.query(`update ${table} set lease_id = null, lease = null, lease_expires = null where lease_id = $1`, [id]),
    )
  }

  return {
    where,
    names: () =>
      told(async (pool) => {
        const { rows } = await pool.query<{ account: string }>(
          `select account from ${table} where record is not null order by account collate "C"`,
        )
        return rows.map(({ account }) => account)
      }),
    read: (accounts) =>
      told(async (pool) => {
        const { rows } = await pool.query<Stored & { account: string }>(
          `select account, record as text, serial::text as tag from ${table} where record is not null and account = any($1)`,
          [accounts],
        )
        return new Map(rows.map(({ account, text, tag }): [string, Stored] => [account, { text, tag }]))
      }),
    write: (account, text, tag) => told((pool) => write(pool, account, text, tag)),
    lock: (accounts, lease, now) =>
      told(async (pool): Promise<HeldLease> => {
        const ends = Date.parse(lease.expires)
        const tookOver = await take(pool, accounts, lease, ends - now.getTime())
        for (const account of accounts) held.set(account, lease.id)
        let until = ends
        return {
          lease,
          ...(tookOver !== undefined && { tookOver }),
          renew: (expires) =>
            told(async () => {
              // How far the expiry moves is the same by either clock, whatever the two say of the time.
              const moved = Date.parse(expires) - until
              const { rowCount } = await pool.query(
                `update ${table} set lease_expires = lease_expires + $2 * interval '1 millisecond' where lease_id = $1`,
                [lease.id, moved],
              )
              if (rowCount !== new Set(accounts).size) throw leaseLost(where)
              until += moved
            }),
          release: async () => {
            for (const account of accounts) if (held.get(account) === lease.id) held.delete(account)
            await free(lease.id)
          },
        }
      }),
    holders: (accounts) =>
      told(async (pool) => {
        const { rows } = await pool.query<LeaseRow>(
          `select ${LEASE} from ${table} where account = any($1) order by account collate "C"`,
          [accounts],
        )
        const leases = rows.flatMap((row) => leaseOfRow(row)?.lease ?? [])
        return [...new Map(leases.map((lease) => [lease.id, lease])).values()]
      }),
    unlock: free,
    close: async () => {
      const pool = await opening?.catch(() => undefined)
      opening = undefined
      await pool?.end()
    },
  }
}

const LEASE = 'lease, lease_expires as expires, lease_expires <= clock_timestamp() as expired'

type LeaseRow = { readonly lease: string | null; readonly expires: Date | null; readonly expired: boolean | null }

/** The row's lease, with the expiry that the database goes by. */
function leaseOfRow({ lease, expires, expired }: LeaseRow): { lease: Lease; expired: boolean } | undefined {
  const found = lease === null ? undefined : leaseIn(lease)
  if (found === undefined || expires === null) return undefined
  return { lease: { ...found, expires: expires.toISOString() }, expired: expired === true }
}

/** Opens no connection yet. The package is loaded here, for nothing else needs it. */
async function open(connection: string): Promise<Pool> {
  const { Pool } = (await import('pg')).default // CommonJS: a bundle has it there alone
  const pool = new Pool({
    connectionString: connection,
    max: 2,
    connectionTimeoutMillis: 10_000,
    query_timeout: 15_000,
    application_name: 'mailconfig',
    allowExitOnIdle: true,
  })
  pool.on('error', ignore) // an idle connection broke; the next question opens another
  return pool
}

/** Makes the table, one connection after the other: "if not exists" alone fails where two make it at once. */
async function makeTable(pool: Pool, table: string): Promise<void> {
  await pool.query(`select pg_advisory_xact_lock(${ADVISORY_LOCK});
    create table if not exists ${table} (account text collate "C" primary key, record text,
    serial bigint not null default 0, lease_id text, lease text, lease_expires timestamptz)`)
}

/** Any number, as long as every mailconfig has the same. */
const ADVISORY_LOCK = 7_250_178

function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other))
}

const ignore = () => undefined

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Says what the database said, without the password. */
function failed(where: string, error: unknown, password: string): LedgerError {
  const code = errorCode(error)
  const inner = error instanceof AggregateError ? error.errors.find((one) => one instanceof Error) : error
  const text = inner instanceof Error && inner.message !== '' ? inner.message : code
  const safe = password === '' ? text : text.replaceAll(password, '(sensitive)')
  if (code.startsWith('28') || code === '42501') {
    return new LedgerError('LEDGER_DENIED', `${where} may not be used with these credentials: ${safe}`)
  }
  if (code === '3F000') {
    return new LedgerError('LEDGER_UNREACHABLE', `${where} cannot be used: ${safe}`, {
      hint: 'create the schema first',
    })
  }
  return new LedgerError('LEDGER_UNREACHABLE', `${where} cannot be used: ${safe}`)
}
