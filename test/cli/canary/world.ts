import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { kinds } from '../../../src/apis/index.ts'
import type { Fields } from '../../../src/model/kind/field.ts'
import { type Home, home, type Ran } from '../harness.ts'
import { type Collector, metricsIn, openCollector, tracesIn } from '../observe/collector.ts'
import { type EchoServer, openEchoServer } from './echo-server.ts'
import { ALL_SHAPES, environmentOf, findable, formsOf, isFindable, type Planted } from './shapes.ts'

interface RunMore {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** The plan has a key that the API made a moment ago: its gates are other ones each time. */
  readonly overNewKey?: boolean
}

/** A folder, an account of each API that holds secrets, and everybody who listens. */
export interface World extends AsyncDisposable {
  readonly at: Home
  readonly front: EchoServer
  /** Runs a command, with all that listens switched on; keeps what it said, and throws if it ends otherwise. */
  readonly run: (args: string, expected: number, more?: RunMore) => Promise<Ran>
  /** The command lines that were run. */
  readonly ran: () => readonly string[]
  /** Keeps what something else said. */
  readonly keep: (what: string, text: string) => void
  /** All that was said, by command, and all files: without what differs from run to run. */
  readonly said: () => Readonly<Record<string, string>>
  /** The secrets that turned up, as they are. */
  readonly leaks: () => string[]
}

/** Every secret field that a kind has: `webhooks.auth.value`. */
export function secretFields(): string[] {
  const inside = (fields: Fields, path: string): string[] =>
    Object.entries(fields).flatMap(([name, field]) => {
      if (field.secret === true) return [`${path}.${name}`]
      if (field.type === 'object') return inside(field.fields, `${path}.${name}`)
      return 'items' in field && field.items.type === 'object' ? inside(field.items.fields, `${path}.${name}`) : []
    })
  return kinds.flatMap((kind) => inside(kind.fields, kind.name))
}

const reference = (shape: string) => `"\${env:SECRET_${shape.toUpperCase()}}"`

/** A spec with every shape in every secret field; names of objects come from the shape alone. */
export function specOf(): string {
  const user = (shape: string) =>
    `  - { username: user-${shape}, password: ${reference(shape)}, description: Ours }\n  - { username: live-${shape}, password: ${reference(shape)}, description: Ours }\n`
  const hook = (shape: string) =>
    `  - { url: https://hooks.example.com/${shape}, events: [bounce], auth: { type: bearer, value: ${reference(shape)} }, customHeaders: ${reference(shape)} }\n  - { url: https://live.example.com/${shape}, events: [bounce, spam], auth: { type: bearer, value: ${reference(shape)} }, customHeaders: ${reference(shape)} }\n`
  const provider = (name: string, shape: string) =>
    `  - { caption: ${name} ${shape}, host: new.example.com, port: 587, username: relay, password: ${reference(shape)}, sendFrom: a@example.com, sendFromName: A, encryption: tls }\n`
  const all = (each: (shape: string) => string) => ALL_SHAPES.map(each).join('')
  return `version: 1
accounts:
  main: { api: smtp2go, url: "\${env:SMTP_URL}", apiKey: "\${env:KEY}" }
  office: { api: backoffice, url: "\${env:OFFICE_URL}", token: "\${env:TOKEN}" }
smtpUsers:
${all(user)}webhooks:
${all(hook)}apiKeys:
  - { description: Made, endpoints: [/email/send], saveTo: { file: secrets/made.key } }
  - { description: Ours, endpoints: [/email/send, "/stats/*"], saveTo: { file: secrets/ours.key }, key: "\${env:OBJECT_KEY}" }
providers:
${all((shape) => provider('Made', shape) + provider('Live', shape))}`
}

function seedOf({ before, apiKey, token, objectKey }: Planted) {
  return {
    smtp2go: {
      keys: [
        { api_key: apiKey, endpoints: ['*'], description: 'Runner' },
        { api_key: objectKey, endpoints: ['/email/send'], description: 'Ours' },
      ],
      scopes: {
        '': {
          smtpUsers: ALL_SHAPES.map((shape) => ({
            username: `live-${shape}`,
            email_password: before[shape],
            description: 'Theirs',
          })),
          webhooks: ALL_SHAPES.map((shape, n) => ({
            id: 4001 + n,
            url: `https://live.example.com/${shape}`,
            events: ['bounce'],
            auth_header_type: 'bearer',
            auth_header_value: before[shape],
          })),
        },
      },
    },
    backoffice: {
      tokens: [{ token }],
      providers: ALL_SHAPES.map((shape, n) => ({
        id: n + 1,
        caption: `Live ${shape}`,
        host: 'old.example.com',
        port: 587,
        username: 'relay',
        password: before[shape],
        sendFrom: 'a@example.com',
        sendFromName: 'A',
        encryption: 'tls',
        isEnabled: true,
      })),
    },
  }
}

/** Opens a world; `readback` is whether the APIs show the secrets that they hold. With the same port two worlds have the same gates. */
export async function openWorld(planted: Planted, readback: 'echo' | 'none', port = 0): Promise<World> {
  const echo = { smtpPasswordReadback: 'echo', webhookAuthReadback: 'echo', passwordReadback: 'echo' } as const
  const settings = { minPasswordEntropy: null, maxWebhooks: 100, ...(readback === 'echo' ? echo : {}) }
  const front = await openEchoServer(port) // first, or the emulator might be given its port
  const at = await home({ seed: seedOf(planted), settings })
  front.emulator = new URL(at.emulator.backoffice).origin
  front.more = readback === 'echo' ? Object.values(planted.before) : Object.values(planted.now).filter(isFindable)
  const collector = await openCollector()
  const chat = await openCollector()
  const outputs: Record<string, string> = {}
  at.file('mailconfig.yaml', specOf())
  at.file('secrets/now.json', JSON.stringify(planted.now))
  const env = {
    ...environmentOf(planted),
    SMTP_URL: `${front.origin}/v3`,
    OFFICE_URL: front.origin,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    MAILCONFIG_NOTIFY_URL: `${chat.url}/hook`,
    MAILCONFIG_AUDIT_LOG: join(at.dir, 'audit.jsonl'),
    MAILCONFIG_PLAN_KEY: 'a-long-random-text-for-plans-41c6',
    USER: 'ada',
    NO_COLOR: '1',
  }
  const keep = (what: string, text: string) => {
    outputs[`${Object.keys(outputs).length} ${what}`] = text
  }
  const heard = () => [...collector.received, ...chat.received].map(({ body }) => body).join('\n')
  return {
    at,
    front,
    keep,
    ran: () => Object.keys(outputs).map((name) => name.replace(/^\d+ /, '')),
    async run(args, expected, { cwd, env: more, overNewKey } = {}) {
      const all = `${args} --parallelism 1 --no-input --notify-on always`
      const ran = await at.run(all, { env: { ...env, ...more }, ...(cwd === undefined ? {} : { cwd }) })
      const text = `exit ${ran.code}\n${ran.stdout}\n--- standard error\n${ran.stderr}`
      keep(args, overNewKey === true ? text.replace(/\bG(\d+):[0-9a-f]{4}\b/g, 'G$1:GATE') : text)
      if (ran.code !== expected)
        throw new Error(`${args}: ${ran.code}\n${ran.stdout.slice(-3000)}\n${ran.stderr.slice(-3000)}`)
      return ran
    },
    said: () => {
      const files = Object.fromEntries(
        filesOf(at).map(([name, text]): [string, string] => [`file ${name}`, plain(text, at)]),
      )
      const said = Object.fromEntries(Object.entries(outputs).map(([name, text]) => [plain(name, at), plain(text, at)]))
      return { ...said, ...files, ...listened(collector, chat, at) }
    },
    leaks: () => {
      const all = [...Object.values(outputs), ...filesOf(at).map(([name, text]) => name + text), heard()].join('\n')
      return findable(planted).filter((value) => formsOf(value).some((form) => all.includes(form)))
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([front, collector, chat].map((one) => one[Symbol.asyncDispose]()))
    },
  }
}

function listened(collector: Collector, chat: Collector, at: Home): Record<string, string> {
  const spans = tracesIn(collector).spans.map(({ name, attributes, status }) => ({ name, attributes, status }))
  const points = metricsIn(collector).map(({ metric, attributes }) => ({ metric, attributes }))
  return {
    traces: plain(spans.map((span) => JSON.stringify(span)).join('\n'), at),
    metrics: plain(points.map((point) => JSON.stringify(point)).join('\n'), at),
    chat: plain(chat.received.map(({ body }) => body).join('\n'), at),
  }
}

/** Every file of the folder, but those where a key was asked to be saved. */
function filesOf(at: Home): [string, string][] {
  return readdirSync(at.dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry): string => relative(at.dir, join(entry.parentPath, entry.name)))
    .filter((name) => !/^(secrets|plugins)\/|\.lock\//.test(name))
    .sort()
    .map((name) => [name, readFileSync(join(at.dir, name), 'utf8')])
}

/** A text without ports, times, durations, ids that are made anew each time, and keyed marks; hashes of the spec stay. */
function plain(text: string, { dir }: Home): string {
  return text
    .replaceAll(dir, '/folder')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?/g, 'TIME')
    .replace(/\d\d:\d\d:\d\d\.\d{3}Z/g, 'TIME')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UUID')
    .replace(/("(?:ms|waitMs|port|size)":) ?\d+/g, '$1N')
    .replace(/\bms=\d+|\b\d+ ms\b/g, 'MS')
    .replace(/\bis broken, \d+ bytes\b/g, 'is broken, N bytes') // a quoted secret that JSON escapes is longer
    .replace(/(?<!sha256:)\b[0-9a-f]{7}\b/g, 'RUN')
    .replace(/v1\.[\w-]{12}(\.[\w-]+){0,2}/g, 'MARK')
    .replace(
      /"(?:mark|salt|seal|sum|checksum|digest|lineage|id|marks?|live|spec|objects?)": ?"[\w+/=:.-]{10,}"/g,
      '"KEYED"',
    )
    .replace(/"[0-9a-f]{32}"/g, '"KEYED"')
    .replace(/"checksum": ?"sha256:[0-9a-f]{64}"/g, '"CHECKSUM"')
    .replace(/"marks": ?\[[^\]]*\]/g, '"MARKS"')
    .replace(/"serial": ?\d+/g, '"SERIAL"')
    .split('\n')
    .sort() // accounts are read side by side
    .join('\n')
}
