import type { S3Client } from '@aws-sdk/client-s3'
import { errorCode } from '../../model/error-code.ts'
import { s3AddressOf } from './address.ts'
import { accountsOf, leaseLost, parseDocument, type StoredAccounts, storeDocumentOf } from './document.ts'
import { checkFree, documentStore, leaseIn } from './document-store.ts'
import { type Lease, type LeaseRequest, LedgerError, LockedError, type Store } from './store.ts'

/** How often a write is tried again because the object changed under it. */
const TRIES = 20

type Sdk = typeof import('@aws-sdk/client-s3')
type Found = { readonly text: string; readonly etag: string }

/** A ledger in one object of S3, with its lock in another. Writes are conditional, so nobody overwrites what they did not read. */
export function openS3(url: string, options: { readonly now: () => Date }): Store {
  const { where, bucket, key, config } = s3AddressOf(url)
  const lockKey = `${key}.lock`
  let opening: Promise<{ sdk: Sdk; client: S3Client }> | undefined

  function ready() {
    opening ??= load().then((sdk) => ({ sdk, client: new sdk.S3Client(config) }))
    return opening
  }

  async function get(name: string): Promise<Found | undefined> {
    const { sdk, client } = await ready()
    try {
      const answer = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: name }))
      return { text: (await answer.Body?.transformToString()) ?? '', etag: answer.ETag ?? '' }
    } catch (error) {
      if (nameOf(error) === 'NoSuchKey') return undefined
      throw failed(where, error)
    }
  }

  /** Puts an object in place of the one with this tag, or of none; answers false if another is there. */
  async function set(name: string, text: string, etag: string | undefined): Promise<boolean> {
    const { sdk, client } = await ready()
    const condition = etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag }
    try {
      await client.send(
        new sdk.PutObjectCommand({
          Bucket: bucket,
          Key: name,
          Body: text,
          ContentType: 'application/json',
          ...condition,
        }),
      )
      return true
    } catch (error) {
      const status = statusOf(error)
      const raced = status === 412 || nameOf(error) === 'ConditionalRequestConflict' || nameOf(error) === 'NoSuchKey'
      if (!raced) throw failed(where, error)
      // The SDK repeats a request whose answer was lost, and then meets its own.
      return (await get(name))?.text === text
    }
  }

  async function lockObject(): Promise<{ lease: Lease | undefined; etag: string | undefined }> {
    const found = await get(lockKey)
    return { lease: found === undefined ? undefined : leaseIn(found.text), etag: found?.etag }
  }

  /** Answers the lease that stood there before. */
  async function take(lease: LeaseRequest, now: Date): Promise<Lease | undefined> {
    for (let tries = 0; tries < TRIES; tries++) {
      const { lease: before, etag } = await lockObject()
      checkFree(where, before, now)
      if (await set(lockKey, textOf(lease), etag)) return before
    }
    throw busy(where)
  }

  /** Puts another lease or none in the place of this one, if it is still there. */
  async function replace(id: string, lease: LeaseRequest | undefined): Promise<boolean> {
    for (let tries = 0; tries < TRIES; tries++) {
      const { lease: before, etag } = await lockObject()
      if (before?.id !== id || etag === undefined) return false
      if (await set(lockKey, textOf(lease), etag)) return true
    }
    throw busy(where)
  }

  async function document(): Promise<{ readonly etag: string | undefined; readonly accounts: StoredAccounts }> {
    const found = await get(key)
    return {
      etag: found?.etag,
      accounts: found === undefined ? new Map() : accountsOf(where, parseDocument(where, found.text)),
    }
  }

  return documentStore(
    {
      where,
      accounts: async () => (await document()).accounts,
      // As long as only other accounts change under it; `change` refuses where its own has changed.
      update: async ({ id }, change) => {
        for (let tries = 0; tries < TRIES; tries++) {
          const { accounts, etag } = await document()
          const text = `${JSON.stringify(storeDocumentOf(change(accounts)), null, 2)}\n`
          if ((await lockObject()).lease?.id !== id) throw leaseLost(where)
          if (await set(key, text, etag)) return true
        }
        return false
      },
      take,
      replace: ({ id }, next) => replace(id, next),
      holder: async () => (await lockObject()).lease,
      unlock: async (id) => void (await replace(id, undefined)),
      close: async () => {
        const opened = await opening?.catch(() => undefined)
        opened?.client.destroy()
        opening = undefined
      },
    },
    options.now,
  )
}

/** What the lock object holds; an empty object means that nobody holds it, so nothing is ever deleted. */
function textOf(lease: LeaseRequest | undefined): string {
  return `${JSON.stringify(lease ?? {}, null, 2)}\n`
}

async function load(): Promise<Sdk> {
  try {
    return await import('@aws-sdk/client-s3')
  } catch (error) {
    throw new LedgerError(
      'LEDGER_PACKAGE',
      'a ledger in S3 needs the package @aws-sdk/client-s3, which is not installed',
      {
        hint: 'npm install --save-dev @aws-sdk/client-s3',
        cause: error,
      },
    )
  }
}

function busy(where: string): LockedError {
  const holder = { id: '', owner: 'others in turn', command: '', since: '' }
  return new LockedError(where, holder)
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : ''
}

function statusOf(error: unknown): unknown {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined
  const { $metadata: metadata } = error
  return typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
    ? metadata.httpStatusCode
    : undefined
}

/** Says what went wrong in the SDK's own word for it; its messages may repeat key ids. */
function failed(where: string, error: unknown): LedgerError {
  const status = statusOf(error)
  const code = errorCode(error, nameOf(error))
  if (status === 403 || status === 401 || nameOf(error) === 'CredentialsProviderError') {
    return new LedgerError('LEDGER_DENIED', `${where} may not be used with these credentials: ${nameOf(error)}`, {
      hint: 'the AWS SDK looks for AWS_ACCESS_KEY_ID, AWS_PROFILE, and roles; S3 answers "denied" for objects that are not there, too, to those who may not list',
    })
  }
  return new LedgerError('LEDGER_UNREACHABLE', `${where} cannot be used: ${code}`)
}
