import { closeSync, fstatSync, openSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { Problem } from '../model/problem.ts'

/** No file that a spec is made of, or refers to, may be larger. In bytes. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024

/** A YAML file of a spec: how the user calls it, where it is, and the folder that its references stay inside. */
export interface SpecFile {
  readonly name: string
  readonly path: string
  readonly root: string
  readonly text: string
}

/** The YAML files under the given paths, in a fixed order, or why they cannot be read; `texts` stand in for what is on the disk. */
export function findFiles(
  paths: readonly string[],
  cwd: string,
  texts: ReadonlyMap<string, string> = new Map(),
): { readonly files: readonly SpecFile[]; readonly problems: readonly Problem[] } {
  const files: SpecFile[] = []
  const problems: Problem[] = []
  for (const given of paths.length > 0 ? paths : defaultPaths(cwd)) {
    const path = resolve(cwd, given)
    const kind = entryType(path)
    if (kind === undefined) {
      problems.push(missing(given, paths.length === 0))
      continue
    }
    const found = kind === 'folder' ? yamlFiles(path) : [path]
    if (found.length === 0)
      problems.push({ code: 'EMPTY_FOLDER', message: `no .yaml or .yml file in "${given}"`, hint: 'mailconfig init' })
    for (const file of found) {
      const name = isAbsolute(given) ? file : relative(cwd, file) || file
      if (files.some((known) => known.path === file)) continue
      const text = texts.get(file)
      const read: Read = text === undefined ? readBounded(file) : { ok: true, text }
      if (read.ok) files.push({ name, path: file, root: kind === 'folder' ? path : dirname(path), text: read.text })
      else
        problems.push({
          code: read.code,
          message: `${read.message}: "${name}"`,
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
        hint: 'write one with "mailconfig init", or name one with -f',
      }
    : { code: 'FILE_MISSING', message: `there is no file or folder "${given}"` }
}

function defaultPaths(cwd: string): string[] {
  for (const name of ['mailconfig.yaml', 'mailconfig.yml', 'mailconfig'])
    if (entryType(join(cwd, name)) !== undefined) return [name]
  return ['mailconfig.yaml']
}

function entryType(path: string): 'file' | 'folder' | undefined {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return undefined
  return stat.isDirectory() ? 'folder' : 'file'
}

function yamlFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (path) =>
        !relative(folder, path)
          .split(sep)
          .some((part) => part.startsWith('.') || part === 'node_modules'),
    )
    .sort()
}

/** A file's text, or why not: what is gone, too large or not a file is a problem and never an exception. */
export type Read =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: string; readonly message: string }

/** Reads a text file whose size is bounded; its size is looked at before a byte is read. */
export function readBounded(path: string): Read {
  let handle: number
  try {
    handle = openSync(path, 'r')
  } catch (cause) {
    return { ok: false, code: 'FILE_MISSING', message: `cannot read the file (${reasonOf(cause)})` }
  }
  try {
    const stat = fstatSync(handle)
    if (!stat.isFile()) return { ok: false, code: 'FILE_MISSING', message: 'this is not a file' }
    if (stat.size > MAX_FILE_BYTES)
      return {
        ok: false,
        code: 'FILE_TOO_LARGE',
        message: `the file has ${Math.ceil(stat.size / 1048576)} MiB, and the most is ${MAX_FILE_BYTES / 1048576}`,
      }
    return { ok: true, text: readFileSync(handle, 'utf8').replace(/^\uFEFF/, '') }
  } catch (cause) {
    return { ok: false, code: 'FILE_MISSING', message: `cannot read the file (${reasonOf(cause)})` }
  } finally {
    closeSync(handle)
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable'
}

/** Reads a file that a spec refers to; it has to lie inside the root, symbolic links resolved. */
export function readInside(root: string, from: string, given: string): Read {
  const path = resolve(dirname(from), given)
  let real: string
  try {
    real = realpathSync(path)
  } catch {
    return inside(resolve(root), path)
      ? { ok: false, code: 'FILE_MISSING', message: `there is no file "${given}"` }
      : outside(given)
  }
  return inside(realpathSync(root), real) ? readBounded(real) : outside(given)
}

function outside(given: string): Read {
  return { ok: false, code: 'FILE_OUTSIDE', message: `the file "${given}" lies outside the folder of the spec` }
}

/** True if a path lies in a folder. */
export function inside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
