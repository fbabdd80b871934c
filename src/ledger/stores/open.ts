import { fileURLToPath } from 'node:url'
import { LedgerError, type Store } from './store.ts'

/** Where a ledger is kept if nobody says otherwise. */
const DEFAULT_LEDGER = '.mailconfig/ledger.json'

/** What a store needs from outside. */
interface OpenOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now?: () => Date
  /** A `fetch` through a proxy, for an address that has one. */
  readonly fetchFor?: (url: string) => Promise<typeof fetch | undefined>
}

/** Opens the ledger that a path or URL names; connects when it is first used. What is needed for it is loaded here. */
export async function openStore(place: string | undefined, options: OpenOptions): Promise<Store> {
  const { cwd, env, now = () => new Date() } = options
  const text = place ?? DEFAULT_LEDGER
  if (text.trim() === '') throw new LedgerError('LEDGER_URL', 'the ledger has an empty address')
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1]?.toLowerCase() // a single letter is a drive of Windows
  switch (scheme) {
    case undefined:
    case 'file': {
      const { openFile } = await import('./file.ts')
      return openFile(scheme === undefined ? text : pathOf(text), { cwd, now })
    }
    case 'http':
    case 'https': {
      const { openHttp } = await import('./http.ts')
      return openHttp(text, { env, now, fetch: await options.fetchFor?.(text) })
    }
    case 'postgres':
    case 'postgresql': {
      const { openPostgres } = await import('./postgres.ts')
      return openPostgres(text, { env })
    }
    case 's3': {
      const { openS3 } = await import('./s3.ts')
      return openS3(text, { now })
    }
    default:
      throw new LedgerError('LEDGER_URL', `a ledger cannot be kept in "${scheme}:"`, {
        hint: 'a path, or a URL with file:, https:, postgres: or s3:',
      })
  }
}

function pathOf(url: string): string {
  if (!url.toLowerCase().startsWith('file://')) return url.slice('file:'.length)
  try {
    return fileURLToPath(url)
  } catch {
    throw new LedgerError('LEDGER_URL', 'the address of the ledger is not a file URL of this machine', {
      hint: 'file:///folder/ledger.json, or a plain path',
    })
  }
}
