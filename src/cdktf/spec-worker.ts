import { type MessagePort, workerData } from 'node:worker_threads'
import type { SpecRequest } from './constructs/spec-answer.ts'
import { readSpec } from './read-spec.ts'

const { request, port, done }: { request: SpecRequest; port: MessagePort; done: Int32Array } = workerData

try {
  port.postMessage(await readSpec(request))
} catch (cause) {
  port.postMessage({ ok: false, problems: [cause instanceof Error ? cause.message : String(cause)] })
}
Atomics.store(done, 0, 1)
Atomics.notify(done, 0)
