import { textsUnder } from '../house/files.ts'

/** A block of code in a page, with its place. */
export interface Block {
  readonly place: string
  readonly text: string
}

/** The pages whose commands and files the tests of this folder run. */
const PAGES = new Map([
  ...textsUnder('docs/guides', '.md'),
  ...[...textsUnder('docs', '.md')].filter(([path]) => path === 'docs/ci.md'),
  ...textsUnder('examples/gitops', '.md'),
])

/** The blocks of a language in one page, or in all that are about CI. */
export function blocksOf(language: string, page?: string): Block[] {
  return [...PAGES]
    .filter(([path]) => page === undefined || path === page)
    .flatMap(([path, text]) =>
      [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
        ({ 1: block = '', index }) => ({
          place: `${path}:${text.slice(0, index).split('\n').length + 1}`,
          text: block,
        }),
      ),
    )
}

/** The blocks of YAML. */
export function yamlBlocks(page?: string): Block[] {
  return blocksOf('yaml', page)
}
