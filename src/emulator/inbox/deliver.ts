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
  { html, text }: ParsedMail,
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
  const filled = (template: string, safe: (value: string) => string) =>
    template.replaceAll('%%UNSUBSCRIBE%%', safe(`${to}/unsubscribe/${person}`)).replaceAll('%%EMAIL%%', safe(recipient))
  return {
    html: html === '' ? '' : withFooter(clicked, filled(footer.html, escapeHtml)),
    text: text === '' ? '' : `${text.replace(/\s*$/, '')}\n\n-- \n${filled(footer.text, (value) => value)}\n`,
  }
}

/** Puts other addresses into the links of a page: those of `<a href="http…">`, save where `data-no-track` stands. All else stays as it is. */
export function rewriteLinks(html: string, make: (url: string) => string): string {
  const places: { readonly start: number; readonly end: number }[] = []
  const parser = new Parser({
    onopentag(name, attributes) {
      const { href = '' } = attributes
      if (name !== 'a' || 'data-no-track' in attributes || !/^https?:/i.test(href.trim())) return
      places.push({ start: parser.startIndex, end: parser.endIndex + 1 })
    },
  })
  parser.end(html)
  let result = ''
  let at = 0
  for (const { start, end } of places) {
    const tag = html.slice(start, end)
    result +=
      html.slice(at, start) +
      tag.replace(HREF, (_, before: string, ...values: (string | undefined)[]) => {
        const url = values.slice(0, 3).find((one) => one !== undefined) ?? ''
        return `${before}"${escapeHtml(make(unescapeHtml(url.trim())))}"`
      })
    at = end
  }
  return result + html.slice(at)
}

/** The attribute, with its value in double quotes, in single ones, or in none. */
const HREF = /(\shref\s*=\s*)(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i

function withFooter(html: string, footer: string): string {
  const at = html.toLowerCase().lastIndexOf('</body')
  return at < 0 ? `${html}${footer}` : `${html.slice(0, at)}${footer}${html.slice(at)}`
}

/** A text for a place where HTML is read. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`)
}

function unescapeHtml(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&amp;', '&')
}
