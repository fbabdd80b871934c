import type { ParsedMail } from './parsed.ts'

/** A page that a browser can do nothing with but show it. */
interface SafeDocument {
  readonly html: string
  readonly policy: string
}

const FOREVER = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'"

/**
 * The HTML of a message for a frame: nothing runs, nothing is sent, and nothing is loaded but what is inside the message; pictures from elsewhere only
 * where somebody asked for them. A link opens beside, never in the frame.
 */
export function safeDocument(html: string, { parts }: ParsedMail, withPictures: boolean): SafeDocument {
  const inside = html.replace(/\bcid:([^"'\s)>]+)/gi, (whole, name: string) => {
    const part = parts.find(({ contentId }) => contentId === decoded(name))
    if (part === undefined || !/^image\/(?:png|jpeg|gif|webp|avif|bmp)$/i.test(part.type)) return whole
    return `data:${part.type};base64,${Buffer.from(part.bytes).toString('base64')}`
  })
  const pictures = withPictures ? 'img-src data: http: https:' : 'img-src data:'
  return {
    html: `<!doctype html><meta charset="utf-8"><base target="_blank"><meta name="referrer" content="no-referrer">\n${inside}`,
    policy: `${FOREVER}; ${pictures}; sandbox allow-popups allow-popups-to-escape-sandbox`,
  }
}

/** Whether a page would load a picture from elsewhere. */
export function hasRemotePictures(html: string): boolean {
  return /<img[^>]+src\s*=\s*["']?https?:|url\(\s*["']?https?:|background\s*=\s*["']?https?:/i.test(html)
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
