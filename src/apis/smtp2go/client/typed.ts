import { defined } from '../../../model/json.ts'
import type { WireRequest } from '../../../model/wire.ts'
import { OPERATIONS, type Operations, type PatchPath, type PostPath } from '../operations/operations.ts'

export type BodyArgument<Request> = Record<string, never> extends Request ? [body?: Request] : [body: Request]

/** The operations of the API by their paths. Every method throws `ApiError` and nothing else. */
export type TypedCalls = {
  /** Calls an operation by POST: `call('/users/smtp/view', { username: 'a' })`. Answers its `data`. */
  readonly call: <P extends PostPath>(
    path: P,
    ...body: BodyArgument<Operations[P]['request']>
  ) => Promise<Operations[P]['answer']>
  /** Changes the given fields and leaves the others; a POST to the same path resets what it is not given. */
  readonly patch: <P extends PatchPath>(
    path: P,
    body: Operations[`PATCH ${P}`]['request'],
  ) => Promise<Operations[`PATCH ${P}`]['answer']>
}

/** Operations over whatever sends a request and answers its `data`, whose container it has checked. */
export function typed(send: (request: WireRequest) => Promise<unknown>): TypedCalls {
  function operate(name: keyof Operations, body: Readonly<Record<string, unknown>>): Promise<unknown> {
    const { reads, secrets } = OPERATIONS[name]
    const isPatch = name.startsWith('PATCH ')
    const path = isPatch ? name.slice('PATCH '.length) : name
    return send({
      method: isPatch ? 'PATCH' : 'POST',
      path,
      body,
      reads,
      ...defined({ secrets }),
    })
  }
  return {
    // the container was checked by `send`; what stands in it is the API's word
    call: async <P extends PostPath>(path: P, ...[body]: BodyArgument<Operations[P]['request']>) =>
      (await operate(path, body ?? {})) as Operations[P]['answer'],
    patch: async <P extends PatchPath>(path: P, body: Operations[`PATCH ${P}`]['request']) =>
      (await operate(`PATCH ${path}`, body)) as Operations[`PATCH ${P}`]['answer'],
  }
}
