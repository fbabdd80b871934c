import fc from 'fast-check'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../../src/apis/emulator.ts'
import { isRecord } from '../../src/model/json.ts'
import { judge } from '../../src/policy/judge.ts'
import { RULE_CODES } from '../../src/policy/rules/rules.ts'
import type { Failure, Verdict } from '../../src/policy/rules/verdict.ts'
import type { Message, Policy } from '../../src/policy/state/policy.ts'
import {
  type Account,
  anyAccount,
  anyMails,
  KEY,
  type Mail,
  messageOf,
  PASSWORD,
  policyOf,
  stateOf,
} from './sending.ts'

const SERVERS = 16 // each waits 100 ms before it greets
const RUNS = Number(process.env['MAILCONFIG_RUNS'] ?? 400)

/** What both sides say of a message. */
interface Seen {
  /** What the client was told: for each recipient that was refused, or for all at once. */
  readonly texts: readonly string[]
  readonly recipients: readonly { readonly address: string; readonly fate: string; readonly rule: string }[]
}

const servers: Emulator[] = []
beforeAll(async () => {
  for (let at = 0; at < SERVERS; at += 1) servers.push(await startEmulator({ smtpPort: 0, log: false }))
})
afterAll(async () => {
  await Promise.all(servers.map((one) => one.close()))
})

it('the model and the server agree on verdict, rule, text and fate', async () => {
  const cases = fc.sample(fc.tuple(anyAccount, anyMails), RUNS)
  const differences: unknown[] = []
  const counts = new Map<string, number>()
  let at = 0
  await Promise.all(
    servers.map(async (server) => {
      for (let mine = at++; mine < cases.length; mine = at++) {
        const [account, mails] = cases[mine] ?? []
        if (account === undefined || mails === undefined) continue
        for (const [model, real, mail] of await both(server, account, mails)) {
          const key = model.recipients.map(({ rule, fate }) => rule || fate).join()
          for (const one of new Set(key.split(','))) counts.set(one, (counts.get(one) ?? 0) + 1)
          if (JSON.stringify(model) !== JSON.stringify(real)) differences.push({ account, mail, model, real })
        }
      }
    }),
  )
  expect(differences.slice(0, 1)).toEqual([])
  // Every rule had its turn.
  expect(RULE_CODES.filter((rule) => !counts.has(rule))).toEqual([])
})

async function both(server: Emulator, account: Account, mails: readonly Mail[]): Promise<[Seen, Seen, Mail][]> {
  const now = new Date()
  server.setState(stateOf(account, now))
  const taken = new Map<string, number>()
  const suppressions = [...account.suppressions]
  const seen: [Seen, Seen, Mail][] = []
  for (const mail of mails) {
    server.settings({ clientAddress: mail.ip })
    const policy = policyOf({ ...account, suppressions }, now, taken)
    const message = messageOf(account, mail, new Date())
    const verdict = judge(policy, message)
    const real = mail.as === 'key' ? await byCall(server, mail) : await bySmtp(server, account, mail)
    seen.push([modelSeen(policy, message, verdict), real, mail])
    const login = message.as.by === 'ip' ? mail.ip : message.as.name
    const count = verdict.recipients.filter(({ fate }) => fate !== 'refused').length
    for (const { address, fate } of verdict.recipients)
      if (address.includes('+hardbounce') && fate === 'delivered')
        suppressions.push({ of: address, reason: 'bounce', days: 0 })
    taken.set(login, (taken.get(login) ?? 0) + count)
  }
  return seen
}

/** The verdict as a client sees it. */
function modelSeen(_: Policy, message: Message, { failures, recipients }: Verdict): Seen {
  const isCall = message.as.by === 'key'
  const early = failures.find(({ phase }) => phase === 'auth' || phase === 'http')
  if (early !== undefined)
    return {
      texts: [early.text],
      recipients: recipients.map(({ address }) => ({ address, fate: 'refused', rule: early.rule })),
    }
  const told = recipients.flatMap(({ address, fate, rule }) => {
    const why = failures.find((one) => one.rule === rule && (one.recipient ?? address) === address)
    return fate === 'refused' && why !== undefined ? [why] : []
  })
  return {
    texts: isCall ? callTexts(told, recipients.length) : smtpTexts(told),
    recipients: sorted(recipients.map(({ address, fate, rule = '' }) => ({ address, fate, rule }))),
  }
}

/** One text for each recipient who is refused, or that of the message: nodemailer then hands on nothing else. */
function smtpTexts(told: readonly Failure[]): string[] {
  const content = told.find(({ phase }) => phase === 'data')
  return content === undefined ? told.map(({ text }) => text).sort() : [content.text]
}

/** A call says why where nobody gets the message. */
function callTexts(told: readonly Failure[], of: number): string[] {
  const first = told.find(({ phase }) => phase === 'data') ?? told[0]
  return told.length < of || first === undefined ? [] : [first.text]
}

const sorted = (all: readonly Seen['recipients'][number][]) => all.toSorted((a, b) => (a.address < b.address ? -1 : 1))

async function bySmtp(server: Emulator, account: Account, mail: Mail): Promise<Seen> {
  const [host = '', port = ''] = (server.smtp ?? '').split(':')
  const connection = new SMTPConnection({ host, port: Number(port), ignoreTLS: true })
  connection.on('error', () => undefined)
  try {
    await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())))
    if (mail.as !== 'nobody') {
      const user = mail.as === 'stranger' ? 'app-nine' : (account.users[mail.who]?.name ?? '')
      const pass = mail.as === 'wrong' ? 'wrong' : PASSWORD
      const refused = await new Promise<string | undefined>((resolve) =>
        connection.login({ credentials: { user, pass } }, (error) => resolve(error ? responseOf(error) : undefined)),
      )
      if (refused !== undefined)
        return {
          texts: [refused],
          recipients: mail.to.map((address) => ({ address, fate: 'refused', rule: 'CREDENTIALS' })),
        }
    }
    const raw = `From: ${mail.header}\r\nTo: ${mail.to.join(', ')}\r\nSubject: x\r\n\r\nhello\r\n`
    const texts = await new Promise<string[]>((resolve) =>
      connection.send({ from: mail.from, to: [...mail.to] }, raw, (error, info) => {
        if (error === null || error === undefined) return resolve((info?.rejectedErrors ?? []).map(responseOf))
        const each =
          isRecord(error) && Array.isArray(error['rejectedErrors']) ? error['rejectedErrors'].map(responseOf) : []
        resolve([...each, ...(each.length < mail.to.length ? [responseOf(error)] : [])])
      }),
    )
    return { texts: texts.sort(), recipients: kept(server) }
  } finally {
    connection.quit()
  }
}

const responseOf = (error: unknown): string =>
  (isRecord(error) ? String(error['response']) : String(error)).replaceAll('\r', '')

async function byCall(server: Emulator, mail: Mail): Promise<Seen> {
  const before = messages(server).length
  const answer = await fetch(`${server.smtp2go}/email/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-smtp2go-api-key': KEY },
    body: JSON.stringify({ sender: mail.header, to: mail.to, subject: 'x', text_body: 'hello' }),
  })
  const { data } = JSON.parse(await answer.text())
  if (answer.status !== 200) {
    const rule = {
      'This API key is blocked': 'LOGIN_BLOCKED',
      'You do not have permission to access this API endpoint': 'NO_PERMISSION',
    }[String(data.error)]
    return {
      texts: [data.error],
      recipients: mail.to.map((address) => ({ address, fate: 'refused', rule: rule ?? 'API_IP_NOT_LISTED' })),
    }
  }
  expect(messages(server).length).toBeGreaterThan(before)
  expect(data.succeeded + data.failed).toBe(1)
  const texts = data.failures.map((one: string) => one.replace('An error occurred during the SMTP request: ', ''))
  return { texts, recipients: kept(server) }
}

const known = new Set<unknown>()

/** What the server keeps of the message that it has had no look at yet. */
function kept(server: Emulator): Seen['recipients'] {
  const all = messages(server).filter(isRecord)
  const last = all.find(({ email_id }) => !known.has(email_id))
  for (const { email_id } of all) known.add(email_id)
  const recipients = Array.isArray(last?.['recipients']) ? last['recipients'].filter(isRecord) : []
  const fates: Readonly<Record<string, string>> = { bounced: 'delivered', delayed: 'delivered' }
  return sorted(
    recipients.map(({ address, fate, rule }) => ({
      address: String(address),
      fate: fates[String(fate)] ?? String(fate),
      rule: String(rule),
    })),
  )
}

function messages(server: Emulator): unknown[] {
  const all = server.control('GET /messages')
  return Array.isArray(all) ? all : []
}
