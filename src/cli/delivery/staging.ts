import { accessSync, constants, existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { formatAddress, qualify } from '../../model/address.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import { errorCode } from '../../model/error-code.ts'
import { writePrivate } from '../../model/files/private-file.ts'
import { readText } from '../../model/files/text-file.ts'
import { isRecord } from '../../model/json.ts'
import { Secret } from '../../model/secret.ts'
import { sentSecrets } from '../../model/value/secrets.ts'
import { Stop } from '../invocation/exit.ts'
import type { Io } from '../invocation/io.ts'
import { fileName, RESCUE, unwritable } from './destination.ts'
import { noteOwner, savedOwner } from './owners.ts'

/** A place for a secret that is made here: first it waits beside it, and goes there when the API has taken it. */
export interface StagedSecret {
  /** The place in words: `secrets/billing.password`, `the command`. */
  readonly shown: string
  /** Where it waits, in words. */
  readonly waits: string
  /** Why nothing could be delivered; asked before anything is written. */
  readonly refuses: () => string | undefined
  /** What waits there from a run that did not end. */
  readonly pending: () => Secret | undefined
  readonly hold: (secret: Secret) => void
  /** Forgets what waits: the API has refused it. */
  readonly drop: () => void
  /** Delivers what waits, and says where it is. Throws if that fails, and then it still waits. */
  readonly finish: (secret: Secret) => string
}

/** A place, and how a secret gets there. */
interface SecretTarget {
  readonly shown: string
  /** The file where it waits. */
  readonly draft: string
  readonly refuses: () => string | undefined
  /** Answers what else is to be said about it. */
  readonly put: (secret: Secret) => string | undefined
}

/** The place of a secret of an object: that of the command line, or the entry's `saveTo`. */
export function stagedSecretFor(
  io: Io,
  object: DesiredObject,
  given: string | undefined,
  suffix = '',
): StagedSecret | { readonly why: string } {
  const place = given === undefined ? ofEntry(io, object, suffix) : ofOption(io, object, given)
  if (place === undefined) return { why: `${object.address} has no saveTo, so its new secret has no destination` }
  const { shown, draft, refuses, put } = place
  const waits = relative(io.cwd, draft) || draft
  return {
    shown,
    waits,
    refuses: () => refuses() ?? whyNot(draft, waits),
    pending: () => {
      if (!existsSync(draft)) return undefined
      const read = readText(draft, { most: 4096 })
      const text = read.ok ? read.text.trim() : ''
      return text === '' ? undefined : new Secret(text)
    },
    hold: (secret) => writePrivate(draft, `${secret.reveal()}\n`),
    drop: () => rmSync(draft, { force: true }),
    finish: (secret) => {
      const remark = put(secret)
      rmSync(draft, { force: true })
      return [`saved to ${shown}`, remark].filter(Boolean).join('; ')
    },
  }
}

function ofEntry(io: Io, object: DesiredObject, suffix: string): SecretTarget | undefined {
  const target = object.values['saveTo']
  if (!isRecord(target)) return undefined
  const { file, command } = target
  if (typeof command === 'string') return ofCommand(io, object, command)
  if (typeof file !== 'string') return undefined
  const specFile = object.source.file
  const path = resolve(io.cwd, dirname(specFile), `${file}${suffix}`)
  const place = ofFile(io, path, object)
  return { ...place, refuses: () => unwritable(io, path, specFile) ?? place.refuses() }
}

/** `file:PATH`, `env-file:PATH#NAME`, `command:COMMAND`; paths are relative to the folder of the run. */
function ofOption(io: Io, object: DesiredObject, given: string): SecretTarget {
  const [, word, rest = ''] = /^(file|env-file|command):(.+)$/s.exec(given) ?? []
  if (word === 'file') return ofFile(io, resolve(io.cwd, rest), object)
  if (word === 'command') return ofCommand(io, object, rest)
  const [, path, variable] = /^(.+)#([A-Za-z_][A-Za-z0-9_]*)$/.exec(rest) ?? []
  if (word === 'env-file' && path !== undefined && variable !== undefined)
    return ofEnvFile(io, resolve(io.cwd, path), variable)
  throw new Stop(`"--save-to ${given}" is not a destination`, {
    hint: 'file:secrets/billing.password, env-file:.env#BILLING_PASSWORD or "command:vault kv put …  password=-"',
  })
}

function ofFile(io: Io, path: string, object: DesiredObject): SecretTarget {
  const shown = relative(io.cwd, path) || path
  return {
    shown,
    draft: `${path}.pending`,
    refuses: () => foreign(path, shown, object),
    put: (secret) => {
      writePrivate(path, `${secret.reveal()}\n`)
      return noteOwner(path, nameOf(object))
    },
  }
}

/** Why a file may not be written over: it holds something else than a secret, or one that is not known to be an older one of this object. */
function foreign(path: string, shown: string, object: DesiredObject): string | undefined {
  const { kind, values } = object
  if (!existsSync(path)) return undefined
  if (isFolder(path)) return `"${shown}" is a folder`
  const read = readText(path, { most: 65_536 })
  if (!read.ok) return `"${shown}" cannot be used: ${read.message}`
  const text = read.text.replace(/\r?\n$/, '')
  const own = [...sentSecrets(kind.fields, values).values()].some((secret) => secret.reveal() === text)
  if (own || text === '') return undefined
  const owner = savedOwner(path)
  if (owner === nameOf(object)) return undefined
  return owner === undefined
    ? `"${shown}" already exists, and is not known to hold an older secret of ${nameOf(object)}: move it away first`
    : `"${shown}" holds the secret of ${owner}: move it away first`
}

function ofEnvFile(io: Io, path: string, variable: string): SecretTarget {
  const file = relative(io.cwd, path) || path
  return {
    shown: `${variable} in ${file}`,
    draft: `${path}.${variable}.pending`,
    refuses: () => (isFolder(path) ? `"${file}" is a folder` : undefined),
    put: (secret) => {
      const read = existsSync(path) ? readText(path) : undefined
      if (read?.ok === false) throw new Error(read.message)
      const lines = read === undefined ? [] : read.text.replace(/\n$/, '').split('\n')
      const line = `${variable}=${secret.reveal()}`
      const at = lines.findIndex((one) => one.replace(/^\s*(export\s+)?/, '').startsWith(`${variable}=`))
      const before = at < 0 ? '' : (/^\s*(export\s+)?/.exec(lines[at] ?? '')?.[0] ?? '')
      const all =
        at < 0 ? [...lines.filter((one) => lines.length > 1 || one !== ''), line] : lines.with(at, before + line)
      writePrivate(path, `${all.join('\n')}\n`)
      return undefined
    },
  }
}

function ofCommand(io: Io, object: DesiredObject, command: string): SecretTarget {
  const name = fileName(nameOf(object))
  return {
    shown: 'the command',
    draft: resolve(io.cwd, RESCUE, `${name}.pending`),
    refuses: () => undefined,
    put: (secret) => {
      try {
        io.exec(command, `${secret.reveal()}\n`)
        return undefined
      } catch {
        throw new Error('the command failed') // what it was given is in its error
      }
    },
  }
}

/** The full address of an object. */
function nameOf({ kind, scope, key }: DesiredObject): string {
  return qualify(scope, formatAddress(kind.name, key))
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory()
}

/** Why a secret could not wait there. */
function whyNot(draft: string, shown: string): string | undefined {
  try {
    mkdirSync(dirname(draft), { recursive: true, mode: 0o700 })
    accessSync(dirname(draft), constants.W_OK)
    return isFolder(draft) ? `"${shown}" is a folder` : undefined
  } catch (cause) {
    return `the folder of "${shown}" cannot be written to (${errorCode(cause)})`
  }
}
