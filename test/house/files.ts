import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const SKIPPED = new Set(['node_modules', 'dist', '.git', 'coverage', 'artifacts', '.mailconfig', 'secrets', 'gen'])

/** The project's files under a folder, with `/` in their paths; nothing that is built, installed or ignored. */
export function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !SKIPPED.has(entry.name) && !entry.name.endsWith('.tgz'))
    .flatMap((entry) => {
      const path = folder === '.' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) return filesUnder(path)
      return entry.isFile() ? [path] : []
    })
    .sort()
}

/** The text of every file under a folder whose name ends so, by path. */
export function textsUnder(folder: string, end: string): Map<string, string> {
  const paths = filesUnder(folder).filter((path) => path.endsWith(end))
  return new Map(paths.map((path) => [path, readFileSync(join(process.cwd(), path), 'utf8')]))
}
