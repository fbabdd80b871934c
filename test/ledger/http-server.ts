import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server of Terraform's HTTP protocol, on this machine, written from Terraform's and GitLab's documentation. */
export interface StateServer {
  readonly origin: string
  readonly user: string
  readonly password: string
  /** Every request, as "METHOD path". */
  readonly requests: string[]
  readonly states: Map<string, { text: string | undefined; lock: Readonly<Record<string, unknown>> | undefined }>
  /** Answers the next requests itself, where it answers true. */
  interfere: (request: IncomingMessage, response: ServerResponse) => boolean
  close(): Promise<void>
}

/** What GitLab asks of a lock; each has to be a text. */
const LOCK_FIELDS = ['ID', 'Operation', 'Info', 'Who', 'Version', 'Created', 'Path']

export async function startStateServer(): Promise<StateServer> {
  const states: StateServer['states'] = new Map()
  const requests: string[] = []
  const [user, password] = ['ci-bot', 'hush:% p@ss/w0rd']
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost')
    requests.push(`${request.method} ${url.pathname}`)
    if (self.interfere(request, response)) return
    const body = await bodyOf(request)
    const answer = (status: number, text = '') => response.writeHead(status).end(text)
    if (request.headers.authorization !== authorization) return answer(401)
    const md5 = request.headers['content-md5']
    if (md5 !== undefined && md5 !== createHash('md5').update(body).digest('base64')) return answer(400)
    if (url.pathname.startsWith('/api/v4/')) return gitlab(request.method ?? '', url, body, answer)
    return plain(request.method ?? '', url, body, answer)
  })

  type Answer = (status: number, text?: string) => void
  const stateAt = (path: string) => {
    const state = states.get(path) ?? { text: undefined, lock: undefined }
    states.set(path, state)
    return state
  }

  /** The protocol as Terraform documents it. */
  function plain(method: string, { pathname, searchParams }: URL, body: string, answer: Answer) {
    const state = stateAt(pathname)
    if (method === 'GET') return state.text === undefined ? answer(404) : answer(200, state.text)
    if (method === 'POST') {
      if (state.lock !== undefined && state.lock['ID'] !== searchParams.get('ID')) {
        return answer(423, JSON.stringify(state.lock))
      }
      state.text = body
      return answer(200)
    }
    const info = JSON.parse(body)
    if (method === 'LOCK') {
      if (state.lock !== undefined) return answer(423, JSON.stringify(state.lock))
      state.lock = info
      return answer(200)
    }
    if (method !== 'UNLOCK') return answer(405)
    if (state.lock !== undefined && state.lock['ID'] !== info.ID) return answer(409, JSON.stringify(state.lock))
    state.lock = undefined
    return answer(200)
  }

  /** GitLab's managed state: another method for locks, serials that never repeat, and little kept of a lock. */
  function gitlab(method: string, { pathname, searchParams }: URL, body: string, answer: Answer) {
    const path = pathname.replace(/\/lock$/, '')
    const state = states.get(path)
    if (pathname.endsWith('/lock')) {
      if (method === 'DELETE') {
        const id = searchParams.get('ID')
        if (state === undefined) return answer(404)
        if (id !== null && id !== (state.lock?.['ID'] ?? '')) return answer(409)
        state.lock = undefined
        return answer(200)
      }
      if (method !== 'POST') return answer(405)
      const info = JSON.parse(body)
      if (LOCK_FIELDS.some((name) => typeof info[name] !== 'string') || info.ID.length > 255) return answer(400)
      const locked = stateAt(path)
      const status = locked.lock === undefined ? 200 : 409
      locked.lock ??= { ID: info.ID, Who: 'gitlab-user', Created: '2026-01-01 00:00:00 UTC' }
      return answer(status, JSON.stringify({ ...info, ...locked.lock })) // the rest is what the asker said
    }
    if (method === 'GET') {
      if (state === undefined) return answer(404)
      return state.text === undefined ? answer(204) : answer(200, state.text)
    }
    if (method !== 'POST') return answer(405)
    const written = stateAt(path)
    if ((written.lock?.['ID'] ?? '') !== (searchParams.get('ID') ?? '')) return answer(409)
    const { serial } = JSON.parse(body)
    if (!Number.isInteger(serial)) return answer(422, 'No serial in payload')
    if (written.text !== undefined && serial <= JSON.parse(written.text).serial) return answer(422)
    written.text = body
    return answer(200)
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const self: StateServer = {
    origin: `http://127.0.0.1:${portOf(server.address())}`,
    user,
    password,
    requests,
    states,
    interfere: () => false,
    close: () => {
      server.closeAllConnections()
      return new Promise((done) => server.close(() => done()))
    },
  }
  return self
}

export function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('not on a port')
  return address.port
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
