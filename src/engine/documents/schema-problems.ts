import { largest } from '../../model/append.ts'
import { isRecord } from '../../model/json.ts'
import type { Path } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import { hasSecretForm } from '../../model/secret-form.ts'
import { closest } from '../../model/text/closest.ts'
import type { StructuralError } from '../../model/validation.ts'

/** Where a document stands: enough to give each of its values a source. */
interface Origin {
  readonly file: string
  readonly document: number
}

/** What the validator found, as problems that a person understands; one for each place. */
export function structureProblems(
  errors: readonly StructuralError[],
  origin: Origin,
  isSensitive: (path: Path) => boolean,
): Problem[] {
  const problems: Problem[] = []
  const seen = new Set<string>()
  for (const error of telling(errors)) {
    const problem = toProblem(error, origin, isSensitive)
    const id = `${problem.code} ${JSON.stringify(problem.source?.path)}`
    if (!seen.has(id)) problems.push(problem)
    seen.add(id)
  }
  return problems
}

/** Leaves out what only repeats: conditions that just contain others, and the branches of a choice that were not meant. */
function telling(errors: readonly StructuralError[]): StructuralError[] {
  const choices = errors.filter((error) => error.keyword === 'anyOf')
  return errors.filter((error) => {
    if (error.keyword === 'if') return false
    if (error.keyword === 'anyOf') return !isRecord(error.data) || !wantsMap(error)
    const choice = choices.findLast((one) => error.schemaPath.startsWith(`${one.schemaPath}/`) || within(error, one))
    if (choice === undefined) return true
    if (!isRecord(choice.data)) return false
    return meantBranch(choice) === branchOf(error, choice)
  })
}

function within(error: StructuralError, choice: StructuralError): boolean {
  return error.path.startsWith(choice.path) && error.schemaPath.startsWith(`${choice.schemaPath}/`)
}

function branchOf(error: StructuralError, choice: StructuralError): number {
  return Number(error.schemaPath.slice(choice.schemaPath.length + 1).split('/')[0])
}

function branches(choice: StructuralError): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(choice.schema) ? choice.schema.filter(isRecord) : []
}

function wantsMap(choice: StructuralError): boolean {
  return branches(choice).some((branch) => branch['type'] === 'object' || 'required' in branch || 'if' in branch)
}

/** The branch that a map was meant for: the one that shares most of its words. */
function meantBranch(choice: StructuralError): number {
  const words = isRecord(choice.data) ? Object.keys(choice.data) : []
  const scores = branches(choice).map((branch) => {
    if (branch['type'] !== 'object' && !('if' in branch)) return -1
    const known = isRecord(branch['properties']) ? Object.keys(branch['properties']) : []
    return words.filter((word) => known.includes(word)).length
  })
  return scores.indexOf(largest(scores))
}

function toProblem(error: StructuralError, { file, document }: Origin, isSensitive: (path: Path) => boolean): Problem {
  const path = pointer(error.path, error.data)
  const at = (steps: Path) => ({ source: { file, document, path: steps } })
  switch (error.keyword) {
    case 'additionalProperties': {
      const name = String(error.params['additionalProperty'])
      const known = isRecord(error.parent['properties']) ? Object.keys(error.parent['properties']) : []
      const guess = closest(name, known)
      return {
        code: 'UNKNOWN_FIELD',
        message: `no field "${name}"${path.length === 0 ? ' in a document' : ''}`,
        hint: guess === undefined ? `known here: ${known.join(', ')}` : `did you mean "${guess}"?`,
        ...at([...path, name]),
      }
    }
    case 'required':
      return {
        code: 'MISSING_FIELD',
        message: `the field "${String(error.params['missingProperty'])}" is missing`,
        ...at(path),
      }
    case 'type':
      return {
        code: 'WRONG_TYPE',
        message: `${nameOf(path)} expects ${describe(error.parent)}, and ${shown(error, path, isSensitive)}`,
        ...at(path),
      }
    case 'propertyNames':
      return { code: 'BAD_VALUE', message: `"${String(error.params['propertyName'])}" cannot be a name`, ...at(path) }
    case 'uniqueItems':
      return {
        code: 'DUPLICATE_ITEM',
        message: `${nameOf(path)} has the same value twice`,
        ...at([...path, Number(error.params['i'])]),
        also: { message: 'first here', ...at([...path, Number(error.params['j'])]) },
      }
    default: {
      const allowed = allowedValues(error)
      const guess = typeof error.data === 'string' ? closest(error.data, allowed) : undefined
      const wrongType = error.keyword === 'anyOf' ? !matchesSome(error) : Array.isArray(error.parent['type'])
      return {
        code: wrongType ? 'WRONG_TYPE' : 'BAD_VALUE',
        message: `${nameOf(path)} expects ${describe(error.parent)}, and ${shown(error, path, isSensitive)}`,
        ...(guess === undefined ? {} : { hint: `did you mean "${guess}"?` }),
        ...at(path),
      }
    }
  }
}

/** True if a value has the type of some branch, and only says something else; a reference is not a type of its own. */
function matchesSome(error: StructuralError): boolean {
  return branches(error)
    .filter((branch) => !isReference(branch))
    .some((branch) => {
      const values = branch['enum']
      if (Array.isArray(values)) return values.some((value) => typeof value === typeof error.data)
      return branch['type'] === typeof error.data
    })
}

function allowedValues(error: StructuralError): string[] {
  const own = error.parent['enum']
  const all = Array.isArray(own) ? own : branches(error).flatMap((branch) => branch['enum'] ?? [])
  return all.map(String)
}

/** The steps of a JSON pointer; a number where a list is meant cannot be told from a name, so both read the same. */
function pointer(text: string, _data: unknown): Path {
  if (text === '') return []
  return text
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^(0|[1-9]\d*)$/.test(step) ? Number(step) : step))
}

function nameOf(path: Path): string {
  const name = path.findLast((step) => typeof step === 'string')
  return name === undefined ? 'a document' : typeof path.at(-1) === 'number' ? `each of "${name}"` : `"${name}"`
}

/** What a schema wants, in words. */
function describe(schema: Readonly<Record<string, unknown>>): string {
  const words = schema['patternErrorMessage']
  if (typeof words === 'string') return words.replace(/^expects /, '')
  const values = schema['enum']
  if (Array.isArray(values)) return values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`
  const options = schema['anyOf']
  if (Array.isArray(options)) {
    const texts = options.filter(isRecord).filter((option) => !isReference(option))
    return [...new Set(texts.map(describe))].join(', or ')
  }
  switch (schema['type']) {
    case 'object': {
      const properties = isRecord(schema['properties']) ? Object.keys(schema['properties']) : []
      return properties.length === 0
        ? 'a map'
        : `a map of ${properties.slice(0, 4).join(', ')}${properties.length > 4 ? ', …' : ''}`
    }
    case 'array':
      return 'a list'
    case 'string':
      return 'a text'
    case 'boolean':
      return 'true or false'
    default:
      return `a ${String(schema['type'])}`
  }
}

function isReference(schema: Readonly<Record<string, unknown>>): boolean {
  return schema['pattern'] === '\\$\\{' && schema['type'] === 'string'
}

function shown(error: StructuralError, path: Path, isSensitive: (path: Path) => boolean): string {
  const { data } = error
  if (data === null) return 'this is empty'
  if (Array.isArray(data)) return 'this is a list'
  if (typeof data === 'object') return 'this is a map'
  if (isSensitive(path)) return 'this is something else'
  if (typeof data === 'string' && hasSecretForm(data)) return 'this is an API key'
  return typeof data === 'string'
    ? `this is "${data.length > 60 ? `${data.slice(0, 60)}…` : data}"`
    : `this is ${String(data)}`
}
