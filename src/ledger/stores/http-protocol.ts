import { createHash } from 'node:crypto'
import { errorCode } from '../../model/error-code.ts'
import { isRecord, parseJson } from '../../model/json.ts'
import type { HttpAddress } from './address.ts'
import { leaseIn } from './document-store.ts'
import { type Lease, LedgerError } from './store.ts'

const TIMEOUT_MS = 15_000
const TRIES = 3

/** What Terraform sends about a lock; the lease is in `Info`, for servers that keep it. */
export function lockInfo(lease: Lease, where: string): string {
  return JSON.stringify({
    ID: lease.id,
    Operation: lease.command === '' ? 'mailconfig' : `mailconfig ${lease.command}`,
    Info: JSON.stringify(lease),
    Who: lease.owner,
    Version: '1.0.0',
    Created: lease.since,
    Path: new URL(where).pathname,
  })
}

/** The lease of the holder of the lock, from the best witness: the document, then `Info`, then what Terraform itself says. */
export function holderOf(text: string, written: Lease | undefined): Lease {
  const info = infoOf(text)
  const said = (name: string) => {
    const value = info[name]
    return typeof value === 'string' ? value : ''
  }
  const id = said('ID')
  if (written !== undefined && written.id === id) return written
  const announced = leaseIn(said('Info'))
  if (announced !== undefined && announced.id === id) return announced // GitLab repeats the Info of the client that asks
  return { id, owner: said('Who') === '' ? 'somebody' : said('Who'), command: '', since: said('Created') }
}

function infoOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = parseJson(text)
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}

type Sent = { readonly text: string; readonly isThere?: () => Promise<boolean> }

/** Sends a request; a connection that breaks and a server that is overloaded get another try. No redirect is followed. */
export async function send(
  place: HttpAddress & { readonly fetch: typeof fetch },
  method: string,
  address: URL,
  sent?: Sent,
): Promise<{ status: number; text: string }> {
  const body = sent?.text
  for (let tries = 1; ; tries++) {
    const last = tries >= TRIES
    try {
      const answer = await place.fetch(address, {
        method,
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: { ...place.headers, ...(body !== undefined && bodyHeaders(body)) },
        ...(body !== undefined && { body }),
      })
      const text = await answer.text()
      if (last || ![502, 503, 504].includes(answer.status)) return { status: answer.status, text }
    } catch (error) {
      if (last) throw unreachable(place.where, error)
    }
    await new Promise((resolve) => setTimeout(resolve, tries * 200))
    if (await sent?.isThere?.()) return { status: 200, text: '' }
  }
}

function bodyHeaders(body: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    'content-md5': createHash('md5').update(body).digest('base64'),
  }
}

/** Names the code of what broke and nothing else, for causes may carry what was sent. */
function unreachable(where: string, error: unknown): LedgerError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const timeout = error instanceof Error && error.name === 'TimeoutError'
  const code = errorCode(cause, 'the connection failed')
  return new LedgerError('LEDGER_UNREACHABLE', `${where} does not answer: ${timeout ? 'no answer in time' : code}`)
}

/** An answer of a status that nothing can be done with. */
export function refused(where: string, status: number, what: string): LedgerError {
  if (status === 401 || status === 403) {
    return new LedgerError('LEDGER_DENIED', `${where} may not be ${what} with these credentials (HTTP ${status})`, {
      hint: 'set MAILCONFIG_LEDGER_USERNAME and MAILCONFIG_LEDGER_PASSWORD',
    })
  }
  if (status >= 300 && status < 400) {
    return new LedgerError('LEDGER_UNREACHABLE', `${where} redirects (HTTP ${status})`, {
      hint: 'use the address it redirects to; credentials do not follow redirects',
    })
  }
  return new LedgerError('LEDGER_UNREACHABLE', `${where} could not be ${what} (HTTP ${status})`, {
    ...([404, 405, 501].includes(status) && { hint: 'is the address right, and does the server support locks?' }),
  })
}
