import { Parser } from 'htmlparser2'

/** What is looked at of a page, in characters: enough for every message that people read. */
const MOST = 1_000_000
const UNREAD = ['style', 'script', 'title', 'template']

/** The words of a page: for a search, not for reading. */
export function wordsOf(html: string): string {
  let text = ''
  const unread: string[] = []
  const parser = new Parser({
    onopentagname(name) {
      if (UNREAD.includes(name)) unread.push(name)
      text += ' '
    },
    onclosetag(name) {
      if (unread.at(-1) === name) unread.pop()
    },
    ontext(data) {
      if (unread.length === 0) text += data
    },
  })
  parser.end(html.slice(0, MOST))
  return text
}

const PICTURES: readonly string[] = ['src', 'srcset', 'poster', 'background', 'style']
const ELSEWHERE = /(?:^|[\s(,"'])(?:https?:)?\/\//i

/** Whether a page would load a picture from elsewhere. */
export function hasRemotePictures(html: string): boolean {
  let found = false
  let isStyle = false
  const parser = new Parser({
    onopentag(name, attributes) {
      isStyle = name === 'style'
      found ||= PICTURES.some((one) => ELSEWHERE.test(attributes[one]?.trim() ?? ''))
      found ||= name === 'image' && ELSEWHERE.test(attributes['href'] ?? attributes['xlink:href'] ?? '')
    },
    ontext(data) {
      found ||= isStyle && /url\(\s*["']?(?:https?:)?\/\//i.test(data)
    },
    onclosetag() {
      isStyle = false
    },
  })
  parser.end(html.slice(0, MOST))
  return found
}
