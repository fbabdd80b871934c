import { Parser } from 'htmlparser2'
import type { HtmlFaults } from '../model/lint/html-faults.ts'

/** A scheme has no dot here: `shop.example:8080` is a host and its port. */
const SCHEME = /^[a-z][a-z0-9+-]*:/i
/** What is filled in may bring the scheme: a gap of a template, a word of the service. */
const FILLED_IN = /^(?:\{\{|%%)/

/** Links and pictures of a mail, gaps and all, that mail programs cannot use. */
export function htmlFaults(html: string): HtmlFaults {
  const links: string[] = []
  const images: string[] = []
  const parser = new Parser({
    onopentag(name, attributes) {
      const target = name === 'a' || name === 'area' ? attributes['href']?.trim() : undefined
      if (target !== undefined && lacksScheme(target)) links.push(target)
      if (name === 'img' && attributes['alt'] === undefined && !isFilledIn(attributes))
        images.push(attributes['src'] ?? '')
    },
  })
  parser.end(html)
  return { links, images }
}

function lacksScheme(target: string): boolean {
  return target !== '' && !target.startsWith('#') && !SCHEME.test(target) && !FILLED_IN.test(target)
}

/** True where a gap stands in place of attributes. */
function isFilledIn(attributes: Readonly<Record<string, string>>): boolean {
  return Object.keys(attributes).some((name) => name.includes('{{'))
}
