import type { Answer, Incoming } from '../../../emulator/world/call.ts'
import { defineService } from '../../../emulator/world/definition.ts'
import { stateOf } from './answers.ts'
import { authorize, confirm, refresh, signIn, signOut } from './auth.ts'
import * as providers from './providers.ts'
import { Refusal, refuse } from './refusal.ts'
import { BACKOFFICE_SETTINGS } from './settings.ts'
import { type Context, counterFields, dumpWorld, loadWorld, validToken } from './world.ts'

const signIns: Readonly<Record<string, (context: Context, call: Incoming) => Answer>> = {
  '/api/v2/signin': signIn,
  '/api/v2/2fa/confirm': confirm,
  '/api/v2/refresh': refresh,
  '/api/v2/signout': signOut,
}
const providerPath = /^\/api\/v2\/mail\/providers(?:\/([^/]+)(\/status)?)?$/

/** The Back Office API under `/api/v2`. */
export const backofficeService = defineService({
  name: 'backoffice',
  base: '',
  prefix: '/api/v2/',
  settings: BACKOFFICE_SETTINGS,
  counters: counterFields,
  header: 'authorization',
  hidden: { names: ['password', 'token', 'code', 'accesstoken', 'refreshtoken', 'authorization'] },
  lists: { names: ['data'], totals: ['total'] },
  load: loadWorld,
  dump: dumpWorld,
  credential: (world) => validToken(world) ?? '',
  writes: (method, path) => {
    if (!providerPath.test(path) && !Object.hasOwn(signIns, path)) return undefined
    return method !== 'GET' && method !== 'HEAD'
  },
  answer: (context, call) => {
    try {
      return route(context, call)
    } catch (error) {
      if (error instanceof Refusal) return refuse(error, context, call)
      throw error
    }
  },
  tooLarge: (message) => ({ message }),
  stateOf,
})

function route(context: Context, call: Incoming): Answer {
  const handshake = Object.hasOwn(signIns, call.path) ? signIns[call.path] : undefined
  if (handshake) {
    if (call.method !== 'POST') throw new Refusal(405, `The ${call.method} method is not supported for this route.`)
    return handshake(context, call)
  }
  const [found, id, status] = providerPath.exec(call.path) ?? []
  if (found === undefined) throw new Refusal(404, 'Not found.')
  authorize(context, call)
  switch (`${call.method} ${kindOf(id, status)}`) {
    case 'GET list':
      return providers.list(context, call)
    case 'POST list':
      return providers.create(context, call)
    case 'GET one':
      return providers.get(context, id ?? '')
    case 'PATCH one':
      return providers.update(context, call, id ?? '')
    case 'DELETE one':
      return providers.remove(context, id ?? '')
    case 'GET status':
      return providers.testConnection(context, id ?? '')
    default:
      throw new Refusal(405, `The ${call.method} method is not supported for this route.`)
  }
}

function kindOf(id: string | undefined, status: string | undefined): 'list' | 'one' | 'status' {
  if (id === undefined) return 'list'
  return status === undefined ? 'one' : 'status'
}
