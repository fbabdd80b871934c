import { Parser } from 'htmlparser2'
import type { BoxMessage } from '../world/mailbox.ts'
import type { ParsedMail } from './parsed.ts'

/** How a recipient sees a message, once the service has added what it adds. */
interface DeliveredMail {
  readonly html: string
  readonly text: string
}

/** A message as it is delivered to one recipient: links are counted where that is on, and the footer stands under it. */
export function delivered(
  { id, tracked }: BoxMessage,
  { html, text }: Pick<ParsedMail, 'html' | 'text'>,
  recipient: string,
  origin: string,
): DeliveredMail {
  const to = `${origin}/__emulator/inbox`
  const person = `${encodeURIComponent(id)}/${encodeURIComponent(recipient)}`
  const clicked = tracked.clicks
    ? rewriteLinks(html, (url) => `${to}/click/${person}?url=${encodeURIComponent(url)}`)
    : html
  const { footer } = tracked
  if (footer === null) return { html: clicked, text }
  const fill = (template: string, safe: (value: string) => string) =>
    template
      .replaceAll('%%UNSUBSCRIBE%%', () => safe(`${to}/unsubscribe/${person}`))
      .replaceAll('%%EMAIL%%', () => safe(recipient))
  return {
    html: html === '' ? '' : withFooter(clicked, fill(footer.html, escapeHtml)),
    text: text === '' ? '' : `${text.replace(/\s*$/, '')}\n\n${fill(footer.text, (value) => value)}\n`,
  }
}

interface Place {
  readonly start: number
  readonly end: number
  readonly url: string
}

/**
 * Puts other addresses into the links of a page: those of `<a href="http…">`, except where `data-no-track` stands. Everything else stays as it is, to
 * the byte.
 */
export function rewriteLinks(html: string, make: (url: string) => string): string {
  const places: Place[] = []
  let link: Place | undefined
  const parser = new Parser({
    onopentagname() {
      link = undefined
    },
    onattribute(name, value) {
      // Of two attributes of one name the first counts, as in browsers.
      if (name === 'href') link ??= { start: parser.startIndex, end: parser.endIndex, url: value.trim() }
    },
    onopentag(name, attributes) {
      if (name !== 'a' || link === undefined || 'data-no-track' in attributes || !/^https?:/i.test(link.url)) return
      places.push(link)
    },
  })
  parser.end(html)
  let result = ''
  let at = 0
  for (const { start, end, url } of places) {
    result += `${html.slice(at, start)}href="${escapeHtml(make(url))}"`
    at = end
  }
  return result + html.slice(at)
}

function withFooter(html: string, footer: string): string {
  const at = html.toLowerCase().lastIndexOf('</body')
  return at < 0 ? `${html}${footer}` : `${html.slice(0, at)}${footer}${html.slice(at)}`
}

/** A text for a place where HTML is read. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`)
}
