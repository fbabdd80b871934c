import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Server, startServer } from './server.ts'

interface Diagnostics {
  readonly uri: string
  readonly diagnostics: readonly {
    readonly message: string
    readonly range: { readonly start: { readonly line: number; readonly character: number } }
  }[]
}

describe('the schema in an editor', () => {
  let server: Server
  let count = 0

  beforeAll(async () => {
    const schema = pathToFileURL(resolve('mailconfig.schema.json')).href
    server = startServer({
      yaml: {
        schemas: { [schema]: ['*.yaml'] },
        validate: true,
        completion: true,
        hover: true,
        schemaStore: { enable: false },
      },
    })
    await server.request('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: {
        workspace: { configuration: true },
        textDocument: { completion: { completionItem: { snippetSupport: true } } },
      },
    })
    server.notify('initialized', {})
  })
  afterAll(() => server.close())

  const open = async (text: string) => {
    count += 1
    const uri = `file:///spec-${count}.yaml`
    const told = server.next('textDocument/publishDiagnostics', (params) => (params as Diagnostics).uri === uri)
    server.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } })
    return { uri, diagnostics: ((await told) as Diagnostics).diagnostics }
  }
  const complete = async (text: string, line: number, character: number) => {
    const { uri } = await open(text)
    const answer = await server.request('textDocument/completion', {
      textDocument: { uri },
      position: { line, character },
    })
    return (answer as { items: { label: string }[] }).items.map((item) => item.label)
  }

  it('finds nothing wrong with a sound spec, references included', async () => {
    const { diagnostics } = await open(
      'version: 1\nproviders:\n  - caption: A\n    host: ${env:HOST}\n    port: ${var:PORT}\n    username: u\n    sendFrom: a@example.com\n' +
        '    sendFromName: A\n    encryption: tls\n    enabled: ${var:ON}\nsuppressions:\n  - a@example.com\n  - file: list.csv\n' +
        'smtpUsers:\n  - username: app-1\n    rateLimit: off\n  - { username: gone-app, state: absent }\n',
    )
    expect(diagnostics).toEqual([])
  })

  it('marks an unknown field, a wrong type, a bad word and a missing field where they stand', async () => {
    const { diagnostics } = await open(
      'version: 1\nsmtpUsers:\n  - username: app-1\n    statuss: allowed\n  - username: app-2\n    status: asleep\n    openTracking: 7\n' +
        'webhooks:\n  - url: https://hooks.example.com/\n',
    )
    const places = diagnostics.map(({ range }) => range.start.line).sort((a, b) => a - b)
    expect(places).toEqual([3, 5, 6, 8])
    expect(diagnostics.map(({ message }) => message).join('\n')).toMatch(/statuss/)
    expect(diagnostics.map(({ message }) => message).join('\n')).toMatch(/events/)
  })

  it('completes sections, fields and words', async () => {
    expect(await complete('version: 1\n', 1, 0)).toEqual(
      expect.arrayContaining(['smtpUsers', 'senderDomains', 'webhooks']),
    )
    expect(await complete('smtpUsers:\n  - username: app-1\n    \n', 2, 4)).toEqual(
      expect.arrayContaining(['rateLimit', 'status', 'auditEmail']),
    )
    expect(await complete('smtpUsers:\n  - username: app-1\n    status: \n', 2, 12)).toEqual(
      expect.arrayContaining(['allowed', 'blocked', 'sandbox']),
    )
  })

  it('explains a field when the pointer rests on it', async () => {
    const { uri } = await open('smtpUsers:\n  - username: app-1\n    auditEmail: a@example.com\n')
    const hover = await server.request('textDocument/hover', {
      textDocument: { uri },
      position: { line: 2, character: 8 },
    })
    expect(JSON.stringify(hover)).toMatch(/blind copy/)
  })
})
