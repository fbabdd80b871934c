import { isRecord, mapEntries } from '../model/canon.ts'
import type { Field, Fields } from '../model/field.ts'
import type { Source } from '../model/position.ts'
import type { Problem } from '../model/problem.ts'
import { readInside } from '../model/text-file.ts'
import { closest } from './closest.ts'
import type { SpecFile } from './files.ts'

/** Where `${…}` may be looked up; `exec` is missing unless commands are allowed. */
export interface Lookup {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly vars: Readonly<Record<string, string>>
  readonly exec?: ((command: string) => string) | undefined
}

/** Replaces the references of one document; collects problems and the places where one stood. */
export interface Resolver {
  /** A value with its references replaced, and turned into what the field wants. */
  value(field: Field, value: unknown, source: Source): unknown
  entry(fields: Fields, value: Readonly<Record<string, unknown>>, source: Source): Record<string, unknown>
  readonly problems: readonly Problem[]
  /** True if anything was replaced, so that the result has to be checked again. */
  readonly touched: boolean
}

const REFERENCE = /\$\$\{|\$\{(?:([A-Za-z]+):)?([^}]*)\}?/g

/** A resolver for one document of one file. */
export function resolver(file: SpecFile, lookup: Lookup): Resolver {
  const problems: Problem[] = []
  let touched = false

  const lookUp = (scheme: string | undefined, name: string, secret: boolean, source: Source): string | undefined => {
    const fail = (code: string, message: string, hint?: string) => {
      problems.push({ code, message, source, ...(hint === undefined ? {} : { hint }) })
      return undefined
    }
    switch (scheme) {
      case 'env': {
        const value = lookup.env[name]
        if (value !== undefined) return value
        return fail('UNSET_VARIABLE', `the environment variable "${name}" is not set`, `export ${name}=…`)
      }
      case 'var': {
        const value = Object.hasOwn(lookup.vars, name) ? lookup.vars[name] : undefined
        if (value !== undefined) return value
        const guess = closest(name, Object.keys(lookup.vars))
        const hint =
          guess === undefined
            ? `give it under vars:, with --var ${name}=…, or in a --var-file`
            : `did you mean "${guess}"?`
        return fail('UNSET_VARIABLE', `the variable "${name}" is not set`, hint)
      }
      case 'file': {
        const read = readInside(file, name)
        if (!read.ok) return fail(read.code, read.message)
        return secret ? read.text.replace(/\r?\n$/, '') : read.text
      }
      case 'exec':
        if (!secret) return fail('BAD_REFERENCE', '"${exec:…}" stands only where a secret does')
        if (lookup.exec === undefined)
          return fail('EXEC_OFF', 'commands in a spec are off', 'run with --allow-exec if you trust this spec')
        try {
          return lookup.exec(name).replace(/\r?\n$/, '')
        } catch {
          return fail('EXEC_FAILED', `the command "${name}" failed`)
        }
      default:
        return fail(
          'BAD_REFERENCE',
          `"\${${secret ? '…' : `${scheme === undefined ? '' : `${scheme}:`}${name}`}}" is no reference`, // a secret may look like one
          'references are ${env:NAME}, ${file:path} and ${var:NAME}; write $${ for a literal ${',
        )
    }
  }

  const text = (value: string, secret: boolean, source: Source): string | undefined => {
    let complete = true
    const result = value.replace(REFERENCE, (whole, scheme: string | undefined, name: string) => {
      if (whole === '$${') return '${'
      const found = whole.endsWith('}') ? lookUp(scheme, name, secret, source) : unfinished(source)
      if (found === undefined) complete = false
      return found ?? ''
    })
    return complete ? result : undefined
  }

  const unfinished = (source: Source): undefined => {
    problems.push({
      code: 'BAD_REFERENCE',
      message: 'this "${" has no "}"',
      source,
      hint: 'write $${ for a literal ${',
    })
  }

  const resolveValue = (field: Field, value: unknown, source: Source): unknown => {
    if (typeof value === 'string') {
      if (!value.includes('${')) return value
      touched = true
      const found = text(value, field.secret === true, source)
      return found === undefined ? undefined : coerce(field, found)
    }
    if (field.type === 'text' && isRecord(value) && typeof value['file'] === 'string') {
      const path = text(value['file'], false, step(source, 'file'))
      const read = path === undefined ? undefined : readInside(file, path)
      if (read === undefined) return undefined
      if (read.ok) return read.text
      problems.push({ code: read.code, message: read.message, source: step(source, 'file') })
      return undefined
    }
    if (field.type === 'object' && isRecord(value)) return resolveEntry(field.fields, value, source)
    if ((field.type === 'set' || field.type === 'list') && Array.isArray(value))
      return value.map((item, at) => resolveValue(field.items, item, step(source, at)))
    if (field.type === 'record') return resolveAny(value, source)
    return value
  }

  /** Values that no field describes (sample variables of a template). */
  const resolveAny = (value: unknown, source: Source): unknown => {
    if (typeof value === 'string' && value.includes('${')) {
      touched = true
      return text(value, false, source)
    }
    if (Array.isArray(value)) return value.map((item, at) => resolveAny(item, step(source, at)))
    return isRecord(value) ? mapEntries(value, (item, name) => resolveAny(item, step(source, name))) : value
  }

  const resolveEntry = (fields: Fields, value: Readonly<Record<string, unknown>>, source: Source) => {
    const result: Record<string, unknown> = {}
    for (const name of Object.keys(value)) {
      const field = fields[name]
      result[name] =
        field === undefined ? value[name] : resolveValue(field, value[name], stepIfNeeded(source, name, value[name]))
    }
    return result
  }

  return {
    value: resolveValue,
    entry: resolveEntry,
    problems,
    get touched() {
      return touched
    },
  }
}

/** A source one step deeper. */
export function step(source: Source, name: string | number): Source {
  return { ...source, path: [...source.path, name] }
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
