import { append } from '../../../model/append.ts'
import { ApiError, type WireRequest } from '../../../model/wire.ts'
import { type Ask, type Got, wrongAnswer } from './call.ts'
import { listItems, oneItem, pager } from './list.ts'
import {
  type BackofficeProvider,
  type BackofficeProviderInput,
  type BackofficeProviderPatch,
  providerBody,
  readProvider,
} from './provider.ts'

/** Where the providers live. */
export const PROVIDERS = '/api/v2/mail/providers'

const STATUS_TIMEOUT = 60_000

/** What a status check found; `unknown` means that the check itself failed and says nothing about the provider. */
export type ProviderVerdict =
  | { readonly verdict: 'valid' }
  | { readonly verdict: 'invalid'; readonly message: string }
  | { readonly verdict: 'unknown'; readonly message: string }

/** The SMTP providers of a Back Office. Source: the page on SMTP service providers. */
export type BackofficeProviders = {
  /** All of them, page by page to the end; throws rather than answer a part. */
  readonly list: (options?: {
    readonly limit?: number
    readonly mostPages?: number
  }) => Promise<readonly BackofficeProvider[]>
  readonly get: (id: string | number) => Promise<BackofficeProvider>
  /** The new provider, or null if the API answers without a body. Never repeated; look before trying again. */
  readonly create: (input: BackofficeProviderInput) => Promise<BackofficeProvider | null>
  readonly update: (id: string | number, patch: BackofficeProviderPatch) => Promise<BackofficeProvider | null>
  readonly delete: (id: string | number) => Promise<void>
  /** Lets the Back Office log in at the saved provider; up to 60 seconds. Throws on 401, 403, 404 and 429. */
  readonly status: (id: string | number) => Promise<ProviderVerdict>
}

/** The operations on providers, sent by `ask`. */
export function providersOf(ask: Ask): BackofficeProviders {
  const change = async (
    method: 'POST' | 'PATCH',
    path: string,
    patch: BackofficeProviderPatch,
  ): Promise<BackofficeProvider | null> => {
    const got = await ask({ method, path, body: providerBody(patch), reads: false, secrets: ['password'] })
    return got.body === null ? null : providerIn(got)
  }
  return {
    list: (options = {}) => readAll(ask, options),
    get: async (id) => providerIn(await ask({ method: 'GET', path: pathOf(id), reads: true })),
    create: (input) => change('POST', PROVIDERS, { driver: 'smtp', ...input }),
    update: (id, patch) => change('PATCH', pathOf(id), patch),
    delete: async (id) => void (await ask({ method: 'DELETE', path: pathOf(id), reads: false })),
    status: (id) => check(ask, `${pathOf(id)}/status`),
  }
}

async function readAll(ask: Ask, { limit = 100, mostPages }: { limit?: number; mostPages?: number }) {
  const follow = pager(mostPages)
  const found: BackofficeProvider[] = []
  for (let offset = 0; ; ) {
    const got = await ask({ method: 'GET', path: PROVIDERS, query: { limit, offset }, reads: true })
    const page = listItems(got.body) ?? wrongAnswer(got, 'a list of an unknown shape')
    append(
      found,
      page.items.map((body) => providerIn({ ...got, body })),
    )
    const next = follow(page)
    if (next.go === 'end') return found
    if (next.go === 'stop') return wrongAnswer(got, next.why)
    offset = next.offset
  }
}

async function check(ask: Ask, path: string): Promise<ProviderVerdict> {
  const request: WireRequest = { method: 'GET', path, reads: true, timeout: STATUS_TIMEOUT }
  try {
    await ask(request, undefined, 1)
    return { verdict: 'valid' }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const { kind, message } = error
    if (kind === 'refused') return { verdict: 'invalid', message }
    if (kind === 'server' || kind === 'network' || kind === 'shape') return { verdict: 'unknown', message }
    throw error
  }
}

function providerIn(got: Got): BackofficeProvider {
  const read = readProvider(oneItem(got.body) ?? wrongAnswer(got, 'an answer that is not an object'))
  return read.ok ? read.provider : wrongAnswer(got, read.why)
}

function pathOf(id: string | number): string {
  return `${PROVIDERS}/${encodeURIComponent(id)}`
}
