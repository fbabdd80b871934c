import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import type { Log } from './log.ts'

/** A remote procedure: the bytes of a request in, those of one or more answers out. */
export type Call = (request: Uint8Array) => AsyncIterable<Uint8Array>

/** A call that fails as a whole; everything that a user can do something about is a diagnostic instead. */
class StatusError extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

const INTERNAL = 13
const UNIMPLEMENTED = 12
const INVALID_ARGUMENT = 3
const HEADER = 5

/** Answers a stream of HTTP/2 as gRPC does; `calls` by path (`/tfplugin6.Provider/ReadResource`). */
export function answerCalls(
  calls: ReadonlyMap<string, Call>,
  log: Log,
): (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void {
  return (stream, headers) => {
    const path = String(headers[':path'])
    stream.on('error', (error) => log('debug', `${path}: ${error.message}`)) // Terraform hangs up without a goodbye
    answer(stream, calls.get(path), path).catch((error: unknown) => {
      log('debug', `${path}: ${String(error)}`)
      stream.close(constants.NGHTTP2_INTERNAL_ERROR)
    })
  }
}

async function answer(stream: ServerHttp2Stream, call: Call | undefined, path: string): Promise<void> {
  let status: { readonly code: number; readonly message: string } = { code: 0, message: '' }
  try {
    if (call === undefined) throw new StatusError(UNIMPLEMENTED, `there is no ${path}`)
    const request = await readRequest(stream)
    for await (const message of call(request)) {
      if (stream.destroyed) return
      if (!stream.headersSent) {
        stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
      }
      await send(stream, message)
    }
  } catch (error) {
    status = {
      code: error instanceof StatusError ? error.code : INTERNAL,
      message: error instanceof Error ? error.message : String(error),
    }
  }
  if (stream.destroyed) return
  const trailers = { 'grpc-status': String(status.code), 'grpc-message': encodeURIComponent(status.message) }
  if (!stream.headersSent) {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...trailers }, { endStream: true })
    return
  }
  stream.once('wantTrailers', () => stream.sendTrailers(trailers))
  stream.end()
}

async function readRequest(stream: ServerHttp2Stream): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  if (body.length < HEADER || body.readUInt32BE(1) !== body.length - HEADER) {
    throw new StatusError(INVALID_ARGUMENT, 'a request is one message')
  }
  if (body[0] !== 0) throw new StatusError(UNIMPLEMENTED, 'compressed messages are not supported')
  return body.subarray(HEADER)
}

/** Resolves when more may be written. */
function send(stream: ServerHttp2Stream, message: Uint8Array): Promise<void> {
  const header = Buffer.alloc(HEADER)
  header.writeUInt32BE(message.length, 1)
  stream.write(header)
  return new Promise((resolve) => {
    stream.once('close', resolve)
    stream.write(message, () => {
      stream.off('close', resolve)
      resolve()
    })
  })
}
