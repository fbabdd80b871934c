import { createServer, type IncomingMessage, type Server } from 'node:http'

/** What a server makes of a request that it refuses. */
export type Echo = (sent: string) => { readonly status: number; readonly type?: string; readonly body: string }

/** A server in front of the emulator that can refuse calls and repeat all that they brought. */
export interface EchoServer extends AsyncDisposable {
  readonly origin: string
  /** Where calls go on to. */
  emulator: string
  /** Which calls are refused, and how; undefined: none. */
  echo: { readonly calls: 'writes' | 'all'; readonly how: Echo } | undefined
  /** More that an answer repeats: what the account held before, or secrets of other calls. */
  more: readonly string[]
}

const json = (status: number, body: unknown) => ({ status, body: JSON.stringify(body) })

/** Ways in which APIs repeat what they were sent. */
export const ECHOES: Readonly<Record<string, Echo>> = {
  text: (sent) => json(400, { request_id: 'r-1', data: { error: `you sent ${sent}`, error_code: 'E.API_EXCEPTION' } }),
  field: (sent) =>
    json(422, {
      data: {
        error: 'no',
        error_code: `E.${sent}`,
        field_validation_errors: { fieldname: 'username', message: `was ${sent}` },
      },
      message: sent,
      errors: { caption: [sent], [sent]: [sent] },
    }),
  names: (sent) =>
    json(400, { request_id: sent, error: sent, error_code: sent, errors: [{ field: sent, message: 'x' }] }),
  server: (sent) => json(500, { message: sent, error: sent, error_code: 'X' }),
  page: (sent) => ({ status: 502, type: 'text/html', body: `<p>${sent}</p>` }),
  denied: (sent) => ({ status: 403, type: 'text/plain', body: sent }),
  broken: (sent) => ({ status: 200, body: `{"data":{"error":${JSON.stringify(sent)}` }),
}

/** The values in a body, one by one: an API that takes a request apart repeats them without their quotes. */
function valuesIn(text: string): string[] {
  const found: string[] = []
  try {
    JSON.parse(text, (_, value: unknown) => {
      if (typeof value === 'string') found.push(value)
      return value
    })
  } catch {
    // a call without a body
  }
  return found
}

/** Opens the server on any free port or the one that is wanted; whoever opens it says which emulator stands behind it. */
export async function openEchoServer(port = 0): Promise<EchoServer> {
  const server = createServer(async (request, response) => {
    const body = await textOf(request)
    const { method = 'GET', url = '/' } = request
    const reads = method === 'GET' || /\/(view|search|permissions|history|detail|details)$/.test(url)
    const { echo } = front
    if (echo !== undefined && (echo.calls === 'all' || !reads)) {
      const values = [...valuesIn(body), ...front.more]
      const credentials = [request.headers['x-smtp2go-api-key'], request.headers.authorization].map(String)
      const escaped = values.map((value) => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;'))
      const sent = [...values, body, ...credentials, ...values.map(encodeURIComponent), ...escaped].join(' ; ')
      const answer = echo.how(sent)
      response.writeHead(answer.status, { 'content-type': answer.type ?? 'application/json' }).end(answer.body)
      return
    }
    const headers = Object.fromEntries(
      ['x-smtp2go-api-key', 'authorization', 'content-type'].flatMap((name) => {
        const value = request.headers[name]
        return typeof value === 'string' ? [[name, value]] : []
      }),
    )
    const answer = await fetch(`${front.emulator}${url}`, { method, headers, ...(body === '' ? {} : { body }) })
    response
      .writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' })
      .end(await answer.text())
  })
  await listening(server, port)
  const address = server.address()
  const front: EchoServer = {
    origin: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    emulator: '',
    echo: undefined,
    more: [],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
  return front
}

/** Listens as soon as the port is free: for a moment another connection may have it. */
async function listening(server: Server, port: number, tries = 100): Promise<void> {
  try {
    await new Promise<void>((done, fail) => {
      server.once('error', fail)
      server.listen(port, '127.0.0.1', () => {
        server.off('error', fail)
        done()
      })
    })
  } catch (error) {
    if (tries === 0) throw error
    await new Promise((done) => setTimeout(done, 100))
    await listening(server, port, tries - 1)
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request.setEncoding('utf8')) text += part
  return text
}
