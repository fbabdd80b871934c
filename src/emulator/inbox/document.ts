import type { MailPart } from './parsed.ts'

/** A page that a browser can do nothing with but show it. */
interface SafeDocument {
  readonly html: string
  /** Its Content-Security-Policy. */
  readonly policy: string
}

/** How a message is shown. */
interface Showing {
  /** Loads pictures from elsewhere, which tells their server that somebody looks. */
  readonly withPictures: boolean
  /** In a frame: links open beside it, and the colours are chosen. */
  readonly frame?: { readonly isDark: boolean }
}

const ALWAYS = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'"
const SANDBOX = 'sandbox allow-popups allow-popups-to-escape-sandbox'
const PICTURE = /^image\/(?:png|jpeg|gif|webp|avif|bmp)$/i

/**
 * The HTML of a message as a document of its own: nothing runs in it, nothing is sent, and nothing is loaded but what is inside the message; pictures
 * from elsewhere only where somebody asked for them. With no scripts and no forms, only a click on a link leads anywhere.
 */
export function safeDocument(html: string, parts: readonly MailPart[], { withPictures, frame }: Showing): SafeDocument {
  const inside = html.replace(/\bcid:([^"'\s)>]+)/gi, (whole, name: string) => {
    const part = parts.find(({ contentId }) => contentId === decoded(name))
    if (part === undefined || !PICTURE.test(part.type)) return whole
    return `data:${part.type};base64,${Buffer.from(part.bytes).toString('base64')}`
  })
  const head = frame === undefined ? '' : `<base target="_blank">${styleOf(frame.isDark)}`
  return {
    html: `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer">${head}\n${inside}`,
    policy: `${ALWAYS}; img-src data:${withPictures ? ' http: https:' : ''}; ${SANDBOX}`,
  }
}

/** As a mail program shows a message that says nothing of colours: dark text on white, or the reverse where the message allows it. */
function styleOf(isDark: boolean): string {
  return `<meta name="color-scheme" content="${isDark ? 'dark' : 'light'}"><style>:root{font:14px/1.5 system-ui,sans-serif}</style>`
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name // it is written as it is
  }
}
