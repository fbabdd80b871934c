import type { DesiredObject } from '../../model/desired/object.ts'
import { revealed } from '../../model/secret.ts'
import type { Around, LintFinding } from './finding.ts'

/** Where Gmail cuts a message. */
const MOST_BYTES = 102 * 1024

/** What is odd about templates. */
export function templateFindings(around: Around): LintFinding[] {
  return around.of('templates').flatMap((object) => {
    const { html, text } = object.values
    return [
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

function bodies(object: DesiredObject, html: string, { faultsIn }: Around): LintFinding[] {
  const found: LintFinding[] = []
  const add = (code: LintFinding['code'], message: string) => found.push({ code, object, path: ['html'], message })
  const [raw] = rawGaps(html)
  if (raw !== undefined) add('TEMPLATE_RAW', `"${raw}" is filled in without escaping`)
  const bytes = Buffer.byteLength(html)
  if (bytes > MOST_BYTES) add('TEMPLATE_TOO_LARGE', `the HTML has ${Math.ceil(bytes / 1024)} kB, and Gmail cuts at 102`)
  const { links, images } = faultsIn(html)
  if (links.length > 0) add('LINK_WITHOUT_SCHEME', `${named(links, 'link')} without a scheme such as https:`)
  if (images.length > 0) add('IMAGE_WITHOUT_ALT', `${named(images, 'picture')} without "alt"`)
  return found
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
