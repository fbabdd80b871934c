import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'

interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
}

/** An editor's language server for YAML, spoken to over its standard streams as an editor does. */
export interface Server {
  request(method: string, params: unknown): Promise<unknown>
  notify(method: string, params: unknown): void
  /** The next notification of this name that fits. */
  next(method: string, fits: (params: unknown) => boolean): Promise<unknown>
  close(): void
}

/** Starts the server; `settings` is what an editor answers when it is asked for its configuration. */
export function startServer(settings: Readonly<Record<string, unknown>>): Server {
  const require = createRequire(import.meta.url)
  const bin = require.resolve('yaml-language-server/bin/yaml-language-server')
  const child: ChildProcess = spawn(process.execPath, [bin, '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] })
  const waiting = new Map<number, (result: unknown) => void>()
  const listeners: { method: string; fits: (params: unknown) => boolean; tell: (params: unknown) => void }[] = []
  let last = 0
  let buffer = Buffer.alloc(0)

  const write = (message: unknown) => {
    const body = Buffer.from(JSON.stringify(message))
    child.stdin?.write(`Content-Length: ${body.length}\r\n\r\n`)
    child.stdin?.write(body)
  }
  const receive = (message: Message) => {
    const { id, method, params, result } = message
    if (method === undefined && id !== undefined) waiting.get(id)?.(result)
    else if (method === 'workspace/configuration') {
      const { items } = params as { items: { section?: string }[] }
      write({
        jsonrpc: '2.0',
        id,
        result: items.map(({ section }) => (section === undefined ? null : (settings[section] ?? null))),
      })
    } else if (id !== undefined) write({ jsonrpc: '2.0', id, result: null })
    else for (const one of listeners) if (one.method === method && one.fits(params)) one.tell(params)
  }
  child.stdout?.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk])
    for (;;) {
      const end = buffer.indexOf('\r\n\r\n')
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, Math.max(0, end)).toString())?.[1])
      if (end < 0 || buffer.length < end + 4 + length) return
      const body = buffer.subarray(end + 4, end + 4 + length).toString()
      buffer = buffer.subarray(end + 4 + length)
      receive(JSON.parse(body))
    }
  })
  return {
    request(method, params) {
      last += 1
      const id = last
      return new Promise((resolve) => {
        waiting.set(id, resolve)
        write({ jsonrpc: '2.0', id, method, params })
      })
    },
    notify: (method, params) => write({ jsonrpc: '2.0', method, params }),
    next: (method, fits) => new Promise((tell) => listeners.push({ method, fits, tell })),
    close: () => {
      child.kill()
    },
  }
}
