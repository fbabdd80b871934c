import { readdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { errorCode } from '../../model/error-code.ts'
import { errorWords, inside, type Read, readText } from '../../model/files/text-file.ts'
import { defined } from '../../model/json.ts'
import type { Problem } from '../../model/problem.ts'

/** A YAML file of a spec: how the user calls it, where it is, and the folder that its references stay inside. */
export interface SpecFile {
  readonly name: string
  readonly path: string
  readonly root: string
  readonly text: string
  /** Files that it names may be hidden. */
  readonly allowHidden?: boolean
}

/** Folders in folders deeper than this are not a spec. */
const DEEPEST = 32

/** How files are found beside where. */
interface FindOptions {
  readonly texts?: ReadonlyMap<string, string> | undefined
  readonly allowHidden?: boolean | undefined
}

/** The YAML files under the given paths, in a fixed order, or why they cannot be read; `texts` stand in for what is on the disk. */
export function findFiles(
  paths: readonly string[],
  cwd: string,
  { texts, allowHidden = false }: FindOptions = {},
): { readonly files: readonly SpecFile[]; readonly problems: readonly Problem[] } {
  const files: SpecFile[] = []
  const problems: Problem[] = []
  const seen = new Set<string>()
  for (const given of paths.length > 0 ? paths : defaultPaths(cwd)) {
    const path = resolve(cwd, given)
    const entry = entryAt(path)
    if (entry.sort === 'unreadable') {
      problems.push(entry.code === 'ENOENT' ? missing(given, paths.length === 0) : unreadable(given, entry.reason))
      continue
    }
    const isFolder = entry.sort === 'folder'
    const nameOf = (file: string) => (isAbsolute(given) ? file : relative(cwd, file) || file)
    const found = isFolder ? yamlFiles(path, nameOf, problems) : [{ path, real: realOf(path) }]
    if (found.length === 0 && isFolder)
      problems.push({ code: 'EMPTY_FOLDER', message: `no .yaml or .yml file in "${given}"`, hint: 'mailconfig init' })
    for (const { path: file, real } of found) {
      if (seen.has(real)) continue
      seen.add(real)
      const name = nameOf(file)
      const text = texts?.get(file)
      const read: Read = text === undefined ? readText(file) : { ok: true, text }
      if (read.ok) files.push({ name, path: file, root: isFolder ? path : dirname(path), text: read.text, allowHidden })
      else
        problems.push({
          code: read.code,
          message: `${read.message}: "${name}"`,
          ...defined({ hint: read.hint }),
          at: { file: name, line: 1, column: 1 },
        })
    }
  }
  return { files, problems }
}

function missing(given: string, isDefault: boolean): Problem {
  return isDefault
    ? {
        code: 'NO_SPEC',
        message: 'there is no mailconfig.yaml and no mailconfig folder here',
        hint: 'create one with "mailconfig init", or name one with -f',
      }
    : { code: 'FILE_MISSING', message: `there is no file or folder "${given}"` }
}

function unreadable(given: string, reason: string): Problem {
  return { code: 'FILE_MISSING', message: `cannot read "${given}": ${reason}` }
}

function defaultPaths(cwd: string): string[] {
  for (const name of ['mailconfig.yaml', 'mailconfig.yml', 'mailconfig'])
    if (entryAt(join(cwd, name)).sort !== 'unreadable') return [name]
  return ['mailconfig.yaml']
}

type Entry =
  | { readonly sort: 'file' | 'folder' }
  | { readonly sort: 'unreadable'; readonly code: string; readonly reason: string }

function entryAt(path: string): Entry {
  try {
    return { sort: statSync(path).isDirectory() ? 'folder' : 'file' }
  } catch (cause) {
    return { sort: 'unreadable', code: errorCode(cause), reason: errorWords(cause) }
  }
}

function realOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

interface Found {
  readonly path: string
  readonly real: string
}

/** Every YAML file below a folder. Links are followed while they stay inside it; one that leaves, or that leads nowhere, is a problem and never left out. */
function yamlFiles(folder: string, nameOf: (path: string) => string, problems: Problem[]): Found[] {
  const root = realOf(folder)
  const found: Found[] = []
  const fail = (path: string, what: string, hint?: string) => {
    problems.push({
      code: 'FILE_MISSING',
      message: `${what}: "${nameOf(path)}"`,
      ...defined({ hint }),
    })
  }
  const visited = new Set([root])
  const visit = (path: string, depth: number): void => {
    let names: string[]
    try {
      names = readdirSync(path).sort()
    } catch (cause) {
      fail(path, `cannot read the folder, because ${errorWords(cause)}`)
      return
    }
    for (const name of names) {
      if (name.startsWith('.') || name === 'node_modules') continue
      const inner = join(path, name)
      const entry = entryAt(inner)
      const isYaml = /\.ya?ml$/i.test(name)
      if (entry.sort === 'unreadable') {
        if (isYaml) fail(inner, `cannot read the file, because ${entry.reason}`)
        continue
      }
      if (entry.sort === 'file' && !isYaml) continue
      const real = realOf(inner)
      if (!inside(root, real) && real !== root) {
        problems.push({
          code: 'FILE_OUTSIDE',
          message: `this link leads out of the folder of the spec: "${nameOf(inner)}"`,
          hint: 'pass its target with -f, or move it into the folder',
        })
        continue
      }
      if (entry.sort === 'file') found.push({ path: inner, real })
      else if (depth >= DEEPEST) fail(inner, `folders are nested deeper than ${DEEPEST}`)
      else if (!visited.has(real)) {
        visited.add(real) // links may lead in a circle, or to one folder twice
        visit(inner, depth + 1)
      }
    }
  }
  visit(folder, 1)
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}
