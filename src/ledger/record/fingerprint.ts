import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../../model/secret.ts'

const VERSION = 'v1'

/**
 * Keyed fingerprints of secrets: the key comes out of the account's own credential, so the record alone is useless; every
 * fingerprint has a salt of its own, so nobody sees that two secrets are equal.
 */
export interface Fingerprints {
  /** Which credential made these; says nothing about it. */
  readonly mark: string
  /** `v1.<mark>.<salt>.<hmac>` */
  make(secret: Secret): string
  /** Whether a fingerprint is that of a secret; undefined if it was made with another credential, or is none. */
  matches(fingerprint: string, secret: Secret): boolean | undefined
}

/** Fingerprints of one record, by a credential; the lineage keeps two records apart. */
export function fingerprints(credential: Secret, lineage: string): Fingerprints {
  const derive = (purpose: string, length: number) =>
    Buffer.from(hkdfSync('sha256', credential.reveal(), lineage, `mailconfig ledger ${VERSION} ${purpose}`, length))
  const key = derive('fingerprint', 32)
  const mark = derive('mark', 9).toString('base64url')
  const hmac = (salt: Buffer, secret: Secret) => createHmac('sha256', key).update(salt).update(secret.reveal()).digest()
  return {
    mark,
    make(secret) {
      const salt = randomBytes(15)
      return [VERSION, mark, salt.toString('base64url'), hmac(salt, secret).toString('base64url')].join('.')
    },
    matches(fingerprint, secret) {
      const [version, by, salt, digest, rest] = fingerprint.split('.')
      if (version !== VERSION || by !== mark || salt === undefined || digest === undefined || rest !== undefined)
        return undefined
      const [known, now] = [Buffer.from(digest, 'base64url'), hmac(Buffer.from(salt, 'base64url'), secret)]
      return known.length === now.length && timingSafeEqual(known, now)
    },
  }
}
