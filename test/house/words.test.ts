import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { textsUnder } from './files.ts'

/** What is on the list of docs/style.md. */
const AVOIDED = [
  /\bmend(?:s|ed|ing)?\b/i,
  /\bwrit(?:e|es|ing) over\b/i,
  /\bhears? of\b/i,
  /\bis no (?:map|whole number)\b/i,
  /\bnone of mailconfig\b/i,
  /\btakes what it is told\b/i,
  /\bnobody is asked\b/i,
  /\bby faith\b/i,
  /\bwill not do\b/i,
]

function avoided(texts: ReadonlyMap<string, string>): string[] {
  return [...texts].flatMap(([path, text]) =>
    text
      .split('\n')
      .flatMap((line, at) => (AVOIDED.some((one) => one.test(line)) ? [`${path}:${at + 1}: ${line.trim()}`] : [])),
  )
}

test('no text and no comment has a word that the style page avoids', () => {
  const pages = [...textsUnder('docs', '.md')].filter(([path]) => !/^docs\/(?:decisions\/|style\.md)/.test(path))
  const texts = new Map([...textsUnder('src', '.ts'), ...pages, ['README.md', readFileSync('README.md', 'utf8')]])
  expect(avoided(texts)).toEqual([])
})

test('every word of the list in the style page is looked for', () => {
  const page = readFileSync('docs/style.md', 'utf8')
  const table = page.slice(page.indexOf('### Words to avoid'), page.indexOf('## Code'))
  const words = [...table.matchAll(/^\| ([^|-][^|]*?) \|/gm)]
    .map(([, word = '']) => word)
    .filter((word) => word !== 'Not')
  expect(words.length).toBe(10)
  expect(words.filter((word) => avoided(new Map([['src/new.ts', `// ${word}`]])).length === 0)).toEqual([])
})
