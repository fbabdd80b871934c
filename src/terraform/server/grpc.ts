import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import type { Log } from './log.ts'

/** A remote procedure: the bytes of a request in, those of one answer or of many out. */
export type GrpcCall = (request: Uint8Array) => Promise<Uint8Array> | AsyncIterable<Uint8Array>

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
const HEADERS = { ':status': 200, 'content-type': 'application/grpc' }

/** Answers a stream of HTTP/2 as gRPC does; `calls` by path (`/tfplugin6.Provider/ReadResource`). */
export function answerCalls(
  calls: ReadonlyMap<string, GrpcCall>,
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

async function answer(stream: ServerHttp2Stream, call: GrpcCall | undefined, path: string): Promise<void> {
  let last: Buffer | undefined
  let status: { readonly code: number; readonly message: string } = { code: 0, message: '' }
  try {
    if (call === undefined) throw new StatusError(UNIMPLEMENTED, `there is no ${path}`)
    const answers = call(await readRequest(stream))
    if (Symbol.asyncIterator in answers) {
      for await (const message of answers) {
        if (stream.destroyed) return
        respond(stream)
        await send(stream, message)
      }
    } else last = framed(await answers)
  } catch (error) {
    status = {
      code: error instanceof StatusError ? error.code : INTERNAL,
      message: error instanceof Error ? error.message : String(error),
    }
  }
  if (stream.destroyed) return
  const trailers = { 'grpc-status': String(status.code), 'grpc-message': encodeURIComponent(status.message) }
  if (last === undefined && !stream.headersSent) {
    stream.respond({ ...HEADERS, ...trailers }, { endStream: true })
    return
  }
  respond(stream)
  stream.once('wantTrailers', () => stream.sendTrailers(trailers))
  stream.end(last)
}

function respond(stream: ServerHttp2Stream): void {
  if (!stream.headersSent) stream.respond(HEADERS, { waitForTrailers: true })
}

/** The one message of a request. Listeners, for a loop over the stream costs more than most calls. */
function readRequest(stream: ServerHttp2Stream): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.once('aborted', () => reject(new Error('the request was cut off')))
    stream.once('error', reject)
    stream.once('end', () => {
      const body = Buffer.concat(chunks)
      if (body.length < HEADER || body.readUInt32BE(1) !== body.length - HEADER)
        reject(new StatusError(INVALID_ARGUMENT, 'a request is one message'))
      else if (body[0] !== 0) reject(new StatusError(UNIMPLEMENTED, 'compressed messages are not supported'))
      else resolve(body.subarray(HEADER))
    })
  })
}

/** A message with its length before it, as one piece: two would be two frames. */
function framed(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(HEADER + message.length)
  frame[0] = 0
  frame.writeUInt32BE(message.length, 1)
  frame.set(message, HEADER)
  return frame
}

/** Resolves when more may be written. */
function send(stream: ServerHttp2Stream, message: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    stream.once('close', resolve)
    stream.write(framed(message), () => {
      stream.off('close', resolve)
      resolve()
    })
  })
}
