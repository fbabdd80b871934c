import { readInside } from '../../model/files/text-file.ts'
import { defined, isRecord, mapEntries } from '../../model/json.ts'
import type { Field, Fields } from '../../model/kind/field.ts'
import { type Source, step } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import { SENSITIVE, Secret } from '../../model/secret.ts'
import { closest } from '../../model/text/closest.ts'
import type { SpecFile } from '../yaml/files.ts'

/** Where `${…}` may be looked up; `exec` is missing unless commands are allowed, and answers nothing where none is to run. */
interface Lookup {
  readonly env: Readonly<Record<string, string | undefined>>
  /** As they are written: a variable may name others, and sources of secrets. */
  readonly vars: Readonly<Record<string, string>>
  readonly exec?: ((command: string) => string | undefined) | undefined
  /** Only the form of references is looked at: a value that is not there is no problem, and no command runs. */
  readonly formOnly?: boolean | undefined
  /** Paths, as the spec writes them, that need not be there yet: a secret will be generated and saved there. */
  readonly toCome?: ((path: string, source: Source) => boolean) | undefined
}

/** Replaces the references of one document; collects problems and the places where one stood. */
export interface Resolver {
  /** A value with its references replaced, and turned into what the field wants. */
  value(field: Field, value: unknown, source: Source): unknown
  entry(fields: Fields, value: Readonly<Record<string, unknown>>, source: Source): Record<string, unknown>
  /** A text that anybody may see: a name, a rule. */
  word(value: string, source: Source): string | undefined
  readonly problems: readonly Problem[]
  /** True if anything was replaced, so that the result has to be checked again. */
  readonly touched: boolean
  /** How many references stand for a value that was not looked up. */
  readonly open: number
}

const REFERENCE = /\$\$\{|\$\{(?:([A-Za-z]+):)?([^}]*)\}?/g

/** What a text became: its value, and what may be shown of it. */
interface Found {
  readonly value: string
  readonly shown: string
  readonly isSecret: boolean
  /** A value is missing: it is the reference as it is written. */
  readonly isOpen: boolean
  /** It will be generated and saved where the reference says. */
  readonly isToCome?: true
}

const TO_COME: Found = { value: '', shown: '', isSecret: true, isOpen: false, isToCome: true }

/** A resolver for one document of one file. */
export function resolver(file: SpecFile, lookup: Lookup): Resolver {
  const problems: Problem[] = []
  let touched = false
  let open = 0

  const fail = (source: Source, code: string, message: string, hint?: string): undefined => {
    problems.push({ code, message, source, ...defined({ hint }) })
  }

  const openAs = (whole: string): Found => {
    open += 1
    return { value: whole, shown: whole, isSecret: true, isOpen: true }
  }

  const lookUp = (
    whole: string,
    scheme: string | undefined,
    name: string,
    secret: boolean,
    source: Source,
    within: readonly string[],
  ): Found | undefined => {
    const hidden = (value: string): Found => ({
      value: withoutBreak(value),
      shown: SENSITIVE,
      isSecret: true,
      isOpen: false,
    })
    switch (scheme) {
      case 'env': {
        const value = lookup.env[name]
        if (value !== undefined) return hidden(value)
        if (lookup.formOnly === true && isName(name)) return openAs(whole)
        return fail(source, 'UNSET_VARIABLE', `the environment variable "${name}" is not set`, `export ${name}=…`)
      }
      case 'var': {
        const value = Object.hasOwn(lookup.vars, name) ? lookup.vars[name] : undefined
        if (value === undefined) {
          const guess = closest(name, Object.keys(lookup.vars))
          const hint =
            guess === undefined
              ? `give it under vars:, with --var ${name}=…, or in a --var-file`
              : `did you mean "${guess}"?`
          return fail(source, 'UNSET_VARIABLE', `the variable "${name}" is not set`, hint)
        }
        if (within.includes(name))
          return fail(
            source,
            'BAD_REFERENCE',
            `the variable "${name}" is made from itself: ${[...within.slice(within.indexOf(name)), name].join(' → ')}`,
          )
        const found = text(value, secret, source, [...within, name])
        return found === undefined
          ? undefined
          : { ...found, value: withoutBreak(found.value), shown: withoutBreak(found.shown) }
      }
      case 'file': {
        const read = readInside(file, name)
        if (!read.ok && read.code === 'FILE_MISSING' && secret && lookup.toCome?.(name, source) === true) return TO_COME
        if (!read.ok)
          return fail(
            source,
            read.code,
            read.message.includes(name) ? read.message : `${read.message}: "${name}"`,
            read.hint,
          )
        if (secret) return hidden(read.text)
        return { value: withoutBreak(read.text), shown: withoutBreak(read.text), isSecret: false, isOpen: false }
      }
      case 'exec':
        if (!secret) return fail(source, 'BAD_REFERENCE', '"${exec:…}" stands only where a secret does')
        if (lookup.exec === undefined && lookup.formOnly !== true)
          return fail(source, 'EXEC_OFF', 'commands in a spec are off', 'run with --allow-exec if you trust this spec')
        if (lookup.exec === undefined || lookup.formOnly === true) return openAs(whole)
        try {
          const said = lookup.exec(name)
          return said === undefined ? openAs(whole) : hidden(said)
        } catch {
          return fail(source, 'EXEC_FAILED', `the command "${name}" failed`)
        }
      default:
        return fail(
          source,
          'BAD_REFERENCE',
          `"\${${secret ? '…' : `${scheme === undefined ? '' : `${scheme}:`}${name}`}}" is not a valid reference`, // a secret may look like one
          'references are ${env:NAME}, ${file:path} and ${var:NAME}; write $${ for a literal ${',
        )
    }
  }

  const text = (value: string, secret: boolean, source: Source, within: readonly string[] = []): Found | undefined => {
    let complete = true
    let isSecret = false
    let isOpen = false
    let isToCome = false
    let shown = ''
    let result = ''
    let last = 0
    for (const found of value.matchAll(REFERENCE)) {
      const [whole, scheme, name = ''] = found
      const before = value.slice(last, found.index)
      last = found.index + whole.length
      const one: Found | undefined =
        whole === '$${'
          ? { value: '${', shown: '${', isSecret: false, isOpen: false }
          : whole.endsWith('}')
            ? lookUp(whole, scheme, name, secret, source, within)
            : fail(source, 'BAD_REFERENCE', 'this "${" has no "}"', 'write $${ for a literal ${')
      if (one === undefined) complete = false
      result += before + (one?.value ?? '')
      shown += before + (one?.shown ?? '')
      isSecret ||= one?.isSecret === true
      isOpen ||= one?.isOpen === true
      isToCome ||= one?.isToCome === true
    }
    if (!complete) return undefined
    const found = { value: result + value.slice(last), shown: shown + value.slice(last), isSecret, isOpen }
    return isToCome ? { ...found, isToCome } : found
  }

  const resolveText = (field: Field, value: string, source: Source): unknown => {
    touched = true
    const found = text(value, field.secret === true, source)
    if (found === undefined || found.isToCome === true) return undefined
    if (found.isOpen) return field.secret === true ? new Secret(found.value) : new Secret(found.value, found.shown)
    if (field.secret === true) return found.value
    return found.isSecret && mayHold(field) ? new Secret(found.value, found.shown) : coerce(field, found.value)
  }

  /** What is for mailconfig alone, and never sent: a place, an old name. */
  const resolveWords = (value: unknown, source: Source): unknown => {
    if (typeof value === 'string') return word(value, source)
    return isRecord(value) ? mapEntries(value, (item, name) => resolveWords(item, step(source, name))) : value
  }

  const resolveValue = (field: Field, value: unknown, source: Source): unknown => {
    if (field.local === true) return resolveWords(value, source)
    if (typeof value === 'string') return value.includes('${') ? resolveText(field, value, source) : value
    if (field.type === 'text' && isRecord(value) && typeof value['file'] === 'string') {
      const path = word(value['file'], step(source, 'file'))
      const read = path === undefined ? undefined : readInside(file, path)
      if (read === undefined) return undefined
      if (read.ok) return read.text
      const { code, message, hint } = read
      return fail(step(source, 'file'), code, message.includes(path ?? '') ? message : `${message}: "${path}"`, hint)
    }
    if (field.type === 'object' && isRecord(value)) return resolveEntry(field.fields, value, source)
    if ((field.type === 'set' || field.type === 'list') && Array.isArray(value))
      return value.map((item, at) => resolveValue(field.items, item, step(source, at)))
    if (field.type === 'record') return resolveAny(value, source)
    return value
  }

  /** Values that no field describes (sample variables of a template). */
  const resolveAny = (value: unknown, source: Source): unknown => {
    if (typeof value === 'string') return value.includes('${') ? resolveText(ANY, value, source) : value
    if (Array.isArray(value)) return value.map((item, at) => resolveAny(item, step(source, at)))
    return isRecord(value) ? mapEntries(value, (item, name) => resolveAny(item, step(source, name))) : value
  }

  const resolveEntry = (fields: Fields, value: Readonly<Record<string, unknown>>, source: Source) => {
    const result: Record<string, unknown> = {}
    for (const name of Object.keys(value)) {
      const one = value[name]
      const field = fields[name]
      if (field !== undefined) result[name] = resolveValue(field, one, stepIfNeeded(source, name, one))
      else result[name] = typeof one === 'string' && one.includes('${') ? word(one, step(source, name)) : one
    }
    return result
  }

  const word = (value: string, source: Source): string | undefined => {
    if (!value.includes('${')) return value
    touched = true
    const found = text(value, false, source)
    return found?.value
  }

  return {
    value: resolveValue,
    entry: resolveEntry,
    word,
    problems,
    get touched() {
      return touched
    },
    get open() {
      return open
    },
  }
}

const ANY: Field = { type: 'string', doc: '' }

/** True for a field whose text may have a secret in it: what has a form of its own, such as a domain or a login, is no place for one. */
function mayHold(field: Field): boolean {
  if (field.type === 'string')
    return (
      (field.format === undefined || field.format === 'url') &&
      field.pattern === undefined &&
      field.refersTo === undefined
    )
  return field.type === 'text' || field.type === 'record'
}

/** Files, commands and CI services end a value with a line break that nobody means: one goes, whatever the source is. */
function withoutBreak(text: string): string {
  return text.replace(/\r?\n$/, '')
}

function isName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
}

/** Plain scalars need no source of their own: most values of a large spec are. */
function stepIfNeeded(source: Source, name: string, value: unknown): Source {
  const plain = typeof value === 'string' ? !value.includes('${') : typeof value !== 'object'
  return plain ? source : step(source, name)
}

/** A reference gives a text; a field that wants a number or a truth takes it as that. */
function coerce(field: Field, text: string): unknown {
  if (field.type === 'integer' && /^-?\d{1,15}$/.test(text)) return Number(text)
  if (field.type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}
