import { type Fields, read, type Values } from '../../../../emulator/input/fields.ts'
import type { Json, JsonObject } from '../../../../emulator/input/json.ts'
import type { ApiKey } from '../state/entities.ts'
import type { Scope } from '../state/scope.ts'
import type { Context } from '../state/world.ts'

/** What an operation sees of its call. */
export interface Call extends Context {
  readonly scope: Scope
  readonly key: ApiKey
  readonly requestId: string
  readonly body: JsonObject
  /** Address of the client. */
  readonly ip: string
}

/** One operation of the API: a method on a path. */
export interface Operation {
  readonly path: string
  readonly method: 'POST' | 'PATCH'
  readonly writes: boolean
  /** Whether `subaccount_id` switches it to another scope. */
  readonly scoped: boolean
  /** Whether every key may call it. */
  readonly open: boolean
  /** Only for keys of the master account. */
  readonly masterOnly: boolean
  /** The documented limit of calls. */
  readonly limit: { readonly calls: number; readonly seconds: number } | undefined
  /** Answers `data`; later where mail has to be put together first. */
  readonly run: (call: Call) => Json | Promise<Json>
}

type Options = Partial<Pick<Operation, 'method' | 'scoped' | 'open' | 'masterOnly' | 'limit'>>
type Run<F extends Fields> = (call: Call, input: Values<F>) => Json | Promise<Json>

function operation<F extends Fields>(
  path: string,
  changes: boolean,
  fields: F,
  run: Run<F>,
  options: Options,
): Operation {
  return {
    path,
    method: 'POST',
    writes: changes,
    scoped: true,
    open: false,
    masterOnly: false,
    limit: undefined,
    ...options,
    run: (call) => run(call, read(fields, call.body)),
  }
}

/** Describes an operation that changes nothing. */
export function reads<F extends Fields>(path: string, fields: F, run: Run<F>, options: Options = {}): Operation {
  return operation(path, false, fields, run, options)
}

/** Describes an operation that changes something. */
export function writes<F extends Fields>(path: string, fields: F, run: Run<F>, options: Options = {}): Operation {
  return operation(path, true, fields, run, options)
}
