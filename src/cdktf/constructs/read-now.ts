import { join } from 'node:path'
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { SpecAnswer, SpecRequest } from './spec-answer'

const LONGEST_MS = 120_000

/** Reads a spec while the caller waits: constructors cannot await, and the reader does. */
export function readNow(request: SpecRequest): SpecAnswer {
  const done = new Int32Array(new SharedArrayBuffer(4))
  const { port1, port2 } = new MessageChannel()
  const worker = new Worker(join(__dirname, '../cdktf-spec.js'), {
    workerData: { request, port: port2, done },
    transferList: [port2],
    execArgv: [],
  })
  worker.unref()
  Atomics.wait(done, 0, 0, LONGEST_MS)
  const answer: { readonly message: SpecAnswer } | undefined = receiveMessageOnPort(port1)
  port1.close()
  if (answer === undefined) throw new Error(`the spec could not be read within ${LONGEST_MS / 1000} seconds`)
  return answer.message
}
