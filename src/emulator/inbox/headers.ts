import type { Context } from 'hono'

/** The headers of everything that comes out of a message or belongs to the page: nothing is guessed, told on or kept. */
export function headersOf(type: string, policy = "default-src 'none'"): Record<string, string> {
  return {
    'content-type': type,
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'x-dns-prefetch-control': 'off',
    'cache-control': 'no-store',
  }
}

/** A file that the browser keeps and does not show (RFC 6266). */
export function download(c: Context, bytes: Uint8Array, name: string, type: string): Response {
  const plain = name.replace(/[^\w. -]/g, '_')
  const exact = encodeURIComponent(Buffer.from(name).toString()).replace(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16)}`,
  )
  return c.body(new Uint8Array(bytes).buffer, 200, {
    ...headersOf(type, "default-src 'none'; sandbox"),
    'content-disposition': `attachment; filename="${plain}"; filename*=UTF-8''${exact}`,
  })
}
