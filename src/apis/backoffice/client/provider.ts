import type { Json } from '../../../http/body.ts'
import { Secret } from '../../../model/secret.ts'
import { providerIdOf } from './list.ts'

/** An SMTP provider as the Back Office shows it; its password is never read. */
export type BackofficeProvider = {
  readonly id: string
  readonly caption: string | null
  readonly driver: string
  readonly host: string
  readonly port: number
  readonly username: string
  readonly sendFrom: string
  readonly sendFromName: string
  /** `tls` or `ssl`; another word of the API's is kept. */
  readonly encryption: string
  readonly isEnabled: boolean
}

/** What a new provider needs. Source: the page on SMTP service providers. */
export type BackofficeProviderInput = {
  readonly caption?: string
  /** `smtp` if left out; the API names no other. */
  readonly driver?: 'smtp'
  readonly host: string
  readonly port: number
  readonly username: string
  readonly password: Secret | string
  readonly sendFrom: string
  readonly sendFromName: string
  readonly encryption: 'tls' | 'ssl'
  readonly isEnabled: boolean
}

/** What is to change; send the password again when the host, port, username or encryption changes. */
export type BackofficeProviderPatch = Partial<BackofficeProviderInput>

/** The body for a provider. `isEnabled` goes as 1 or 0, as in the vendor's examples. */
export function providerBody(input: BackofficeProviderPatch): Record<string, unknown> {
  const { password, isEnabled, ...rest } = input
  return {
    ...rest,
    ...(password === undefined ? {} : { password: password instanceof Secret ? password.reveal() : password }),
    ...(isEnabled === undefined ? {} : { isEnabled: isEnabled ? 1 : 0 }),
  }
}

/** A provider out of an answer, or what is wrong with the answer. */
export function readProvider(item: Json): { ok: true; provider: BackofficeProvider } | { ok: false; why: string } {
  const id = providerIdOf(item)
  if (id === undefined) return { ok: false, why: 'a provider without an id' }
  const isEnabled = flag(item['isEnabled'])
  if (isEnabled === undefined) return { ok: false, why: `provider ${id}: "isEnabled" is neither true nor false` }
  const port = Number(item['port'])
  if (!Number.isInteger(port) || port < 1) return { ok: false, why: `provider ${id}: "port" is not a number` }
  const texts = ['host', 'username', 'sendFrom', 'sendFromName', 'encryption'].map((name) => item[name])
  const [host, username, sendFrom, sendFromName, encryption] = texts.map(textOf)
  if (host === undefined) return { ok: false, why: `provider ${id}: "host" is not a text` }
  const caption = textOf(item['caption']) ?? null
  return {
    ok: true,
    provider: {
      ...{ id, caption, host, port, isEnabled },
      driver: textOf(item['driver']) ?? 'smtp',
      username: username ?? '',
      sendFrom: sendFrom ?? '',
      sendFromName: sendFromName ?? '',
      encryption: (encryption ?? '').toLowerCase().replace('tsl', 'tls'), // the vendor's own misprint
    },
  }
}

/** The vendor's pages write true, 1 and "1" for the same thing. */
function flag(value: unknown): boolean | undefined {
  if (value === true || value === 1 || value === '1' || value === 'true') return true
  if (value === false || value === 0 || value === '0' || value === 'false') return false
  return undefined
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
