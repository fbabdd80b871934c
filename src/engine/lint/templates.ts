import type { DesiredObject } from '../../model/desired/object.ts'
import { isRecord } from '../../model/json.ts'
import { revealed } from '../../model/secret.ts'
import type { Around, LintFinding } from './finding.ts'

/** Where Gmail cuts a message. */
const MOST_BYTES = 102 * 1024

/** What is odd about templates. */
export function templateFindings(around: Around): LintFinding[] {
  return around.of('templates').flatMap((object) => {
    const { html, text } = object.values
    return [
      ...gapFindings(object, around),
      ...(text === undefined ? [] : plain(object, textOf(text), textOf(html))),
      ...(html === undefined ? [] : bodies(object, textOf(html), around)),
    ]
  })
}

function textOf(value: unknown): string {
  return String(revealed(value) ?? '')
}

function plain(object: DesiredObject, text: string, html: string): LintFinding[] {
  const isEmpty = text.trim() === ''
  if (!isEmpty && (text.trim() !== html.trim() || !text.includes('<'))) return []
  const message = isEmpty ? 'the plain text is empty' : 'the plain text is the HTML again'
  return [{ code: 'TEMPLATE_NO_TEXT', object, path: ['text'], message }]
}

function bodies(object: DesiredObject, html: string, { reader }: Around): LintFinding[] {
  const found: LintFinding[] = []
  const add = (code: LintFinding['code'], message: string) => found.push({ code, object, path: ['html'], message })
  const [raw] = rawGaps(html)
  if (raw !== undefined) add('TEMPLATE_RAW', `"${raw}" is filled in without escaping`)
  const bytes = Buffer.byteLength(html)
  if (bytes > MOST_BYTES) add('TEMPLATE_TOO_LARGE', `the HTML has ${Math.ceil(bytes / 1024)} kB, and Gmail cuts at 102`)
  const { links, images } = reader.htmlFaults(html)
  if (links.length > 0) add('LINK_WITHOUT_SCHEME', `${named(links, 'link')} without a scheme such as https:`)
  if (images.length > 0) add('IMAGE_WITHOUT_ALT', `${named(images, 'picture')} without "alt"`)
  return found
}

const BODIES = ['subject', 'html', 'text'] as const

/** Gaps against the sample values of the entry, and what the engine of the service does not know. */
function gapFindings(object: DesiredObject, { reader }: Around): LintFinding[] {
  const { variables } = object.values
  const read = BODIES.flatMap((field) => {
    const value = object.values[field]
    return value === undefined ? [] : [{ field, ...reader.readTemplate(textOf(value)) }]
  })
  const faults = read.flatMap(({ field, faults: all }) =>
    all.slice(0, 1).map(({ message, line, column }): LintFinding => {
      const where = `line ${line}, column ${column}`
      return { code: 'TEMPLATE_SYNTAX', object, path: [field], message: `${where} of the ${field}: ${message}` }
    }),
  )
  if (!isRecord(variables)) return faults
  const missing = read.flatMap(({ field, gaps }) =>
    gaps.flatMap(({ path, isOptional, line }) =>
      isOptional || hasValue(variables, path) ? [] : [{ field, name: path.join('.').replaceAll('.[]', '[]'), line }],
    ),
  )
  const [first] = missing
  const unknown: LintFinding[] =
    first === undefined
      ? []
      : [
          {
            code: 'TEMPLATE_UNKNOWN_VARIABLE',
            object,
            path: [first.field],
            message: `line ${first.line} of the ${first.field} fills in "${first.name}"${more(missing.map(({ name }) => name))}, which "variables" lacks`,
          },
        ]
  const used = new Set(read.flatMap(({ gaps }) => gaps.map(({ path }) => path[0])))
  const isRead = read.length === BODIES.length && faults.length === 0
  const unused = isRead ? Object.keys(variables).filter((name) => !used.has(name)) : []
  if (unused.length === 0) return [...faults, ...unknown]
  const message = `nothing fills in ${unused.map((name) => `"${name}"`).join(', ')}`
  return [...faults, ...unknown, { code: 'TEMPLATE_UNUSED_VARIABLE', object, path: ['variables'], message }]
}

function more(names: readonly string[]): string {
  const others = new Set(names).size - 1
  return others === 0 ? '' : ` and ${others} more`
}

/** Whether the sample has a value at a path; an empty list may hold anything. */
function hasValue(sample: unknown, [first, ...rest]: readonly string[]): boolean {
  if (first === undefined) return true
  if (first === '[]') {
    const items = Array.isArray(sample) ? sample : isRecord(sample) ? Object.values(sample) : []
    return items.length === 0 || items.some((one) => hasValue(one, rest))
  }
  if (Array.isArray(sample)) return first === 'length' || hasValue(sample[Number(first)], rest)
  return isRecord(sample) && Object.hasOwn(sample, first) && hasValue(sample[first], rest)
}

function named(all: readonly string[], what: string): string {
  const [first = ''] = all
  const one = `the ${what} "${first.length > 60 ? `${first.slice(0, 60)}…` : first}"`
  return all.length === 1 ? `${one} is` : `${one} and ${all.length - 1} more are`
}

/** Comments, escaped braces, and blocks in which nothing is filled in: what stands in them is no gap. */
const SKIPPED =
  /(?<!\\)\\\{\{|\{\{~?!--[\s\S]*?--~?\}\}|\{\{~?![\s\S]*?\}\}|\{\{\{\{(?!\/)[\s\S]*?\{\{\{\{\/[^}]*\}\}\}\}/g

/** The gaps of a template that are filled in as they are. */
export function rawGaps(text: string): string[] {
  return [...text.replace(SKIPPED, ' ').matchAll(/\{\{~?[{&][^}]*\}*/g)].map(([gap]) => gap)
}
