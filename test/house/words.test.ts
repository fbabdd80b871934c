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
  /\banew\b/i,
  /\bwithout a word\b/i,
  /\bmade up\b(?! of)/i,
  /\bwhoever\b/i,
  /\bin force\b/i,
  /\bis there already\b/i,
  /\bexclude each other\b/i,
  /\b(?:did not|does not) stick\b/i,
  /\bknows no\b/i,
  /\bnobody knows\b/i,
  /\bcounts for nothing\b/i,
  /\bnames no place\b/i,
  /\bgoes with neither\b/i,
  /\bforeign letter\b/i,
  /\btakes? (?:\w+ )*for leftovers\b/i,
  /\bis to be gone\b/i,
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
  expect(words.length).toBe(26)
  expect(words.filter((word) => avoided(new Map([['src/new.ts', `// ${word}`]])).length === 0)).toEqual([])
})
