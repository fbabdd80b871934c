import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Plan } from '../../engine/plan/plan.ts'
import { markWith, objectMarks, type SecretMark, secretMarks, sha256, touchedBy } from '../../engine/plan-file/marks.ts'
import { openSavedText, sealed } from '../../engine/plan-file/seal.ts'
import { type MadeAgain, stale } from '../../engine/plan-file/staleness.ts'
import { findFiles } from '../../engine/yaml/files.ts'
import { qualify } from '../../model/address.ts'
import type { Account, Spec } from '../../model/desired/spec.ts'
import { writePrivate } from '../../model/files/private-file.ts'
import { MAX_FILE_BYTES, readText } from '../../model/files/text-file.ts'
import type { Problem } from '../../model/problem.ts'
import type { PlanDocument } from '../../model/run/plan-document.ts'
import type { ObjectMarks, SavedDocument, SavedPart } from '../../model/run/plan-file.ts'
import { Secret } from '../../model/secret.ts'
import { fileWord, shellWord } from '../../model/text/shell.ts'
import { Stop } from '../invocation/exit.ts'
import type { Invocation } from '../invocation/invocation.ts'
import type { Io } from '../invocation/io.ts'
import { VERSION } from '../invocation/version.ts'
import { narrowed } from '../session/session.ts'
import { variables } from '../session/variables.ts'
import { printable } from '../terminal/paint.ts'
import { estimateSeconds } from './estimate.ts'
import { type PlanRun, planDocumentOf } from './plan-run.ts'

/** The shortest key that nobody guesses. */
const KEY_LENGTH = 16

/** Accounts of an emulator in this process have no credential: marks in their plans are no secret. */
const PUBLIC = new Secret('emulator')

/** Writes a plan to a file that `apply` takes; says where on standard error. */
export async function savePlan(prepared: PlanRun, invocation: Invocation, mode: SavedPart['mode']): Promise<void> {
  const { io, options } = invocation
  const { out } = options
  if (out === undefined) return
  const { plan } = prepared
  const keyedBy = (io.env['MAILCONFIG_PLAN_KEY'] ?? '') === '' ? 'credential' : 'MAILCONFIG_PLAN_KEY'
  const salt = randomBytes(16).toString('hex')
  const names = new Set(plan.spec.scopes.map(({ scope }) => scope.account))
  const accounts = [...plan.spec.accounts.values()].filter(({ name }) => names.has(name))
  const marks = marksFor(accounts, { keyedBy, salt }, invocation)
  const document = planDocumentOf(prepared, { ...invocation, options: { ...options, all: false } })
  const touched = touchedBy(plan.changes)
  const saved = sealed(
    document,
    {
      id: randomUUID(),
      at: io.now().toISOString(),
      mode,
      files: options.file,
      specFiles: specFiles(options.file, io),
      account: options.account,
      only: options.only,
      exclude: options.exclude,
      varFiles: options.varFile,
      ...(options.traffic === true ? { traffic: true } : {}),
      ...(options.dns === true || options.resolver.length > 0
        ? { dns: { everything: options.dns === true, resolvers: options.resolver } }
        : {}),
      accept: plan.gates.flatMap(({ accepted, token }) => (accepted && token !== undefined ? [token] : [])),
      seconds: estimateSeconds(plan, options.parallelism, options.maxRps ?? 50),
      keyedBy,
      salt,
      bound: accounts.map((account) => ({
        account: account.name,
        api: account.api,
        url: urlOf(account, invocation),
        mark: marks.account(account.name)('account'),
      })),
      vars: await varMarks(invocation, marks.plan),
      secrets: secretMarks(touched, marks.account),
      objects: Object.fromEntries(
        [...touched].map(([address, change]) => [address, objectMarks(change, marks.account(change.scope.account))]),
      ),
    },
    marks.plan,
  )
  write(out, saved, io)
  const vars = options.var.map((pair) => ` --var ${shellWord(pair.slice(0, pair.indexOf('=')))}=…`).join('')
  const { emulator } = options
  const there = emulator === undefined ? '' : ` --emulator${emulator === '' ? '' : `=${shellWord(emulator)}`}`
  io.stderr.write(
    `Saved to ${printable(out)}. To do exactly this: mailconfig apply ${printable(fileWord(out) + vars + there)}\n`,
  )
}

/** Only a plan may be written over, so that a wrong name costs nobody a spec. */
function write(out: string, saved: SavedDocument, io: Io): void {
  const path = resolve(io.cwd, out)
  const text = `${JSON.stringify(saved)}\n`
  if (Buffer.byteLength(text) > MAX_FILE_BYTES)
    throw new Stop(`the plan has more than ${MAX_FILE_BYTES / 1048576} MiB, which is too large to save`, {
      hint: 'save it in parts, with --only',
    })
  if (existsSync(path)) {
    const read = readText(path)
    if (!read.ok || !openSavedText(read.text).ok)
      throw new Stop(`"${out}" already exists and is not a saved plan, so it is not overwritten`, {
        hint: 'choose another name for --out',
      })
  }
  if (!existsSync(dirname(path))) throw new Stop(`cannot write "${out}": there is no such folder`)
  try {
    writePrivate(path, text)
  } catch (cause) {
    throw new Stop(
      `cannot write "${out}" (${cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason'})`,
    )
  }
}

/** Opens a saved plan; what is none is told, with the reason. */
export function openSaved(
  name: string,
  { io }: Invocation,
): { readonly document: SavedDocument; readonly intact: boolean } {
  const read = readText(resolve(io.cwd, name))
  if (!read.ok) throw new Stop(`cannot open the plan "${name}": ${read.message}`)
  const opened = openSavedText(read.text)
  if (opened.ok) return opened
  throw new Stop(`"${name}" is not a saved plan: ${opened.why}`, { hint: 'mailconfig plan --out FILE writes one' })
}

/** What is known to be different without asking anybody: the tool, and the files of the spec. */
export function offlineStaleness({ mailconfig, saved }: SavedDocument, { io }: Invocation): Problem[] {
  const now = specFiles(saved.files, io)
  const names = [...new Set([...Object.keys(saved.specFiles), ...Object.keys(now)])]
  const files = names.flatMap((name) => {
    const [before, after] = [saved.specFiles[name], now[name]]
    if (before === after) return []
    const how = after === undefined ? 'is gone' : before === undefined ? 'is new' : 'was changed'
    const hint = after === undefined ? 'was the plan made in another folder?' : undefined
    return [stale('STALE_SPEC', `the file "${name}" of the spec ${how} since the plan was made`, hint)]
  })
  if (mailconfig === VERSION) return files
  return [stale('OTHER_VERSION', `the plan was made by mailconfig ${mailconfig}, and this is ${VERSION}`), ...files]
}

/** What differs in the accounts and variables, before anything is read; and the marks for what is read. */
export async function bindings(
  { saved }: SavedDocument,
  spec: Spec,
  invocation: Invocation,
): Promise<{ readonly problems: readonly Problem[]; readonly marks: Marks }> {
  const used = new Set(narrowed(spec, saved.account).scopes.map(({ scope }) => scope.account))
  const accounts = [...spec.accounts.values()].filter(({ name }) => used.has(name))
  const marks = marksFor(accounts, saved, invocation) // never from the file alone: its writer would choose the key
  const bound = new Set(saved.bound.map(({ account }) => account))
  const unbound = [...used].filter((name) => !bound.has(name) || used.size !== bound.size)
  const others = unbound.map((name) =>
    stale('OTHER_ACCOUNT', `the plan is not bound to the account "${name}" as it would be if it was saved for it`),
  )
  const found = saved.bound.flatMap(({ account: name, api, url, mark }): Problem[] => {
    const account = spec.accounts.get(name)
    if (account === undefined) return [stale('OTHER_ACCOUNT', `the spec declares no account "${name}" any more`)]
    const here = urlOf(account, invocation)
    if (account.api !== api || here !== url)
      return [stale('OTHER_ACCOUNT', `the plan was made for the account "${name}" at ${url}, and it is at ${here} now`)]
    if (marks.account(name)('account') === mark) return []
    return [
      saved.keyedBy === 'credential'
        ? stale(
            'OTHER_ACCOUNT',
            `the plan was made with another credential of the account "${name}", so nobody can say that it is the same account`,
            'where planning and applying have a credential each, give both the same MAILCONFIG_PLAN_KEY',
          )
        : stale(
            'OTHER_ACCOUNT',
            `the plan was made with another MAILCONFIG_PLAN_KEY, so nobody can say that "${name}" is the same account`,
          ),
    ]
  })
  const problems = [...others, ...found]
  if (problems.length > 0) return { problems, marks }
  if (marks.plan(saved.checksum) !== saved.seal)
    return { problems: [stale('PLAN_EDITED', 'the plan was edited after it was saved')], marks }
  const now = await varMarks(invocation, marks.plan)
  const names = [...new Set([...Object.keys(saved.vars), ...Object.keys(now)])]
  return {
    problems: names.flatMap((name) => {
      if (saved.vars[name] === now[name]) return []
      const how = saved.vars[name] === undefined ? 'was not given' : 'had another value'
      return [stale('STALE_VARIABLE', `the variable "${name}" ${how} when the plan was made`)]
    }),
    marks,
  }
}

/** Variables of the plan that this command line does not give: the spec cannot be read without them. */
export async function missingVariables({ saved }: SavedDocument, { io, options }: Invocation): Promise<Problem[]> {
  const given = await variables(io, options)
  return Object.keys(saved.vars)
    .filter((name) => !Object.hasOwn(given, name))
    .map((name) =>
      stale(
        'STALE_VARIABLE',
        `the plan was made with the variable "${name}", which is not given now`,
        `a saved plan holds no values: --var ${name}=…`,
      ),
    )
}

/** A plan made again, in the form in which it is compared. */
export function madeAgain(plan: Plan, document: PlanDocument, marks: Marks): MadeAgain {
  const objects: Record<string, ObjectMarks> = {}
  for (const change of plan.changes)
    objects[qualify(change.scope, change.address)] = objectMarks(change, marks.account(change.scope.account))
  return { plan: document, objects, secrets: secretMarks(touchedBy(plan.changes), marks.account) }
}

/** Marks that are keyed for an account, and for the plan as a whole. */
interface Marks {
  readonly account: (name: string) => SecretMark
  readonly plan: SecretMark
}

function marksFor(
  accounts: readonly Account[],
  { keyedBy, salt }: Pick<SavedPart, 'keyedBy' | 'salt'>,
  { io }: Invocation,
): Marks {
  const key = keyedBy === 'credential' ? undefined : planKey(io)
  const secretOf = ({ credential }: Account) => key ?? credential ?? PUBLIC
  const all = new Secret(accounts.map((account) => secretOf(account).reveal()).join('\0'))
  const known = new Map(
    accounts.map((account) => [account.name, markWith(secretOf(account), salt, `account ${account.name}`)]),
  )
  const stranger = markWith(all, salt, 'nobody')
  return { account: (name) => known.get(name) ?? stranger, plan: markWith(all, salt, 'all') }
}

function planKey(io: Io): Secret {
  const text = io.env['MAILCONFIG_PLAN_KEY'] ?? ''
  if (text === '')
    throw new Stop('the plan was made with a MAILCONFIG_PLAN_KEY, and none is set', {
      hint: 'set the key that the plan was made with',
    })
  if (text.length < KEY_LENGTH)
    throw new Stop(`MAILCONFIG_PLAN_KEY is too short: it needs ${KEY_LENGTH} characters`, {
      hint: 'openssl rand -hex 32 generates a good one',
    })
  return new Secret(text)
}

/** Where an account is; an emulator inside this process has another port each time. */
function urlOf(account: Account, { options }: Invocation): string {
  return options.emulator === undefined ? account.url : 'the emulator'
}

async function varMarks({ io, options }: Invocation, mark: SecretMark): Promise<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(await variables(io, options)).map(([name, value]) => [name, mark(`variable ${name} ${value}`)]),
  )
}

function specFiles(paths: readonly string[], io: Io): Record<string, string> {
  return Object.fromEntries(findFiles(paths, io.cwd).files.map(({ name, text }) => [name, sha256(text)]))
}
