import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { bodyOf, portOf } from './http-server.ts'

/** A stand-in for S3 on this machine: objects, ETags and conditional writes, written from AWS's documentation. */
export interface S3Server {
  readonly origin: string
  readonly objects: Map<string, string>
  /** How many of the next writes are answered as if another one were under way. */
  conflicts: number
  close(): Promise<void>
}

export async function startS3Server(accessKey: string): Promise<S3Server> {
  const objects = new Map<string, string>()
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request)
    const key = decodeURIComponent(new URL(request.url ?? '', 'http://localhost').pathname)
    const fail = (status: number, code: string) =>
      response
        .writeHead(status, { 'content-type': 'application/xml' })
        .end(`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>no</Message></Error>`)
    if (request.headers.authorization?.includes(`Credential=${accessKey}/`) !== true) return fail(403, 'AccessDenied')
    const there = objects.get(key)
    if (request.method === 'GET') {
      if (there === undefined) return fail(404, 'NoSuchKey')
      return response.writeHead(200, { etag: etagOf(there), 'content-type': 'application/json' }).end(there)
    }
    if (request.method !== 'PUT') return fail(405, 'MethodNotAllowed')
    if (self.conflicts > 0) {
      self.conflicts--
      return fail(409, 'ConditionalRequestConflict')
    }
    const { 'if-match': match, 'if-none-match': noneMatch } = request.headers
    if (match !== undefined && there === undefined) return fail(404, 'NoSuchKey')
    if (match !== undefined && there !== undefined && match !== etagOf(there)) return fail(412, 'PreconditionFailed')
    if (noneMatch === '*' && there !== undefined) return fail(412, 'PreconditionFailed')
    objects.set(key, body)
    return response.writeHead(200, { etag: etagOf(body) }).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const self: S3Server = {
    origin: `http://127.0.0.1:${portOf(server.address())}`,
    objects,
    conflicts: 0,
    close: () => {
      server.closeAllConnections()
      return new Promise((done) => server.close(() => done()))
    },
  }
  return self
}

function etagOf(text: string): string {
  return `"${createHash('md5').update(text).digest('hex')}"`
}
