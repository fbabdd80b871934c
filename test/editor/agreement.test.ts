import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { load } from 'js-yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kinds } from '../../src/apis/index.ts'
import { specSchema } from '../../src/derive/schema/spec.ts'
import { compileValidator } from '../../src/derive/schema/validator.ts'
import { type Server, startServer } from './server.ts'

const validate = compileValidator(specSchema(kinds))

/** Documents at the edges of the schema; the editor and the command line have to say the same of each. */
const documents: readonly string[] = [
  'version: 1\n',
  'version: 2\n',
  'version: "1"\n',
  'smtpUsers: []\n',
  'smtpUsers: {}\n',
  'smtpUsers:\n',
  'smtpUsers:\n  - username: abc\n',
  'smtpUsers:\n  - username: abcde\n',
  'smtpUsers:\n  - username: ${env:A}\n',
  'smtpUsers:\n  - username: abcde\n    rateLimit: off\n',
  'smtpUsers:\n  - username: abcde\n    rateLimit: { messages: 1 }\n',
  'smtpUsers:\n  - username: abcde\n    rateLimit: { messages: 1, per: 1 hour }\n',
  'smtpUsers:\n  - username: abcde\n    rateLimit: { messages: 0, per: 1 hour }\n',
  'smtpUsers:\n  - username: abcde\n    rateLimit: { messages: "${var:N}", per: "${var:P}" }\n',
  'smtpUsers:\n  - username: abcde\n    rateLimit: { messages: 1, per: soon }\n',
  'smtpUsers:\n  - username: abcde\n    auditEmail: ""\n',
  'smtpUsers:\n  - username: abcde\n    auditEmail: nobody\n',
  'smtpUsers:\n  - username: abcde\n    bounceNotifications: dropp\n',
  'smtpUsers:\n  - state: absent\n',
  'smtpUsers:\n  - { username: abcde, state: gone }\n',
  'providers:\n  - { caption: A, state: absent }\n',
  'providers:\n  - { caption: A }\n',
  'providers:\n  - { caption: A, host: a, port: 70000, username: u, sendFrom: a@b.c, sendFromName: A, encryption: tls }\n',
  'providers:\n  - { caption: A, host: a, port: 25, username: u, sendFrom: a@b.c, sendFromName: A, encryption: tls }\n',
  'overlay: true\nproviders:\n  - { caption: A, port: 26 }\n',
  'overlay: true\nproviders:\n  - { port: 26 }\n',
  'suppressions: [a@b.example, { address: b.example }, { file: x.csv }]\n',
  'suppressions: [7]\n',
  'suppressions: [{ addres: b.example }]\n',
  'suppressions: [{ description: x }]\n',
  'singleSenders: [a@b.example]\n',
  'singleSenders: [nobody]\n',
  'ipAllowlist: { smtp: { enabled: true, entries: [] } }\n',
  'ipAllowlist: { smtp: { enabled: true } }\n',
  'ipAllowlist: { ftp: { enabled: true, entries: [] } }\n',
  'ipAllowlist: { smtp: { enabled: true, entries: [{ address: here }] } }\n',
  'allowedSenders: { mode: allow, entries: [b.example] }\n',
  'allowedSenders: { mode: allow }\n',
  'allowedSenders: { mode: maybe, entries: [] }\n',
  'templates:\n  - { id: abcde, name: A, subject: S, html: h, text: { file: x.txt } }\n',
  'templates:\n  - { id: abcde, name: A, subject: S, html: { fil: x }, text: t }\n',
  'templates:\n  - { id: abcd, name: A, subject: S, html: h, text: t }\n',
  'webhooks:\n  - { url: "https://a.example/", events: [bounce, bounce] }\n',
  'webhooks:\n  - { url: "https://a.example/", events: [bounced] }\n',
  'webhooks:\n  - { url: "https://a.example/", events: [bounce], auth: { type: bearer } }\n',
  'webhooks:\n  - { url: "https://a.example/", events: [bounce], auth: { value: x } }\n',
  'apiKeys:\n  - { description: A }\n',
  'apiKeys:\n  - { description: A, saveTo: { file: x } }\n',
  'subaccounts:\n  - { name: A, limit: 12345 }\n',
  'subaccounts:\n  - { name: A, limit: 10000 }\n',
  'manage: { default: additive, smtpUsers: authoritative, allowEmpty: [smtpUsers] }\n',
  'manage: { default: everything }\n',
  'manage: { smtpUserz: additive }\n',
  'accounts: { main: { api: smtp2go } }\n',
  'accounts: { main: { region: eu } }\n',
  'accounts: { "a b": { api: smtp2go } }\n',
  'ignore: smtpUsers/*\n',
  'vars: { a: 1, b: true, c: x }\n',
  'vars: { a: [1] }\n',
  'x: 1\n',
  'base: &a 1\n',
  'smtpUsers:\n  - &a { username: abcde, status: allowed }\n  - { <<: *a, username: fghij }\n',
]

describe('the editor and the command line', () => {
  let server: Server
  let answers: readonly boolean[] = []
  beforeAll(async () => {
    const schema = pathToFileURL(resolve('mailconfig.schema.json')).href
    server = startServer({
      yaml: { schemas: { [schema]: ['*.yaml'] }, validate: true, schemaStore: { enable: false } },
    })
    const capabilities = { workspace: { configuration: true } }
    await server.request('initialize', { processId: process.pid, rootUri: null, capabilities })
    server.notify('initialized', {})
    answers = await Promise.all(documents.map(editorAccepts)) // all at once: an editor takes its time with each
  })
  afterAll(() => server.close())

  const editorAccepts = async (text: string, at: number): Promise<boolean> => {
    const uri = `file:///agree-${at}.yaml`
    const told = server.next('textDocument/publishDiagnostics', (params) => (params as { uri: string }).uri === uri)
    server.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } })
    return ((await told) as { diagnostics: readonly unknown[] }).diagnostics.length === 0
  }

  for (const [at, text] of documents.entries())
    it(`say the same of ${JSON.stringify(text)}`, () => {
      const merged = text.includes('<<') // merge keys are the parser's business, not the schema's
      const ours = merged || validate(load(text)).length === 0
      expect(answers[at]).toBe(ours)
    })
})
