import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { readText } from '../../model/files/text-file.ts'

/** The commit that is checked out around a folder, read from the files of Git; nothing is run. Undefined where there is none. */
export function commitOf(folder: string): string | undefined {
  try {
    const git = gitFolder(folder)
    if (git === undefined) return undefined
    const head = textAt(join(git, 'HEAD')).trim()
    const name = /^ref: (.+)$/.exec(head)?.[1]
    const commit = name === undefined ? head : commitOfRef(git, name)
    return commit !== undefined && /^[0-9a-f]{40,64}$/.test(commit) ? commit : undefined
  } catch {
    return undefined // no repository, or one that is laid out in a way we do not know
  }
}

/** The commit around a folder, with a `+` behind it where files of the spec are not in it as they are. Asks Git, with nothing of the repository run. */
export function workingCommit(folder: string, paths: readonly string[]): string | undefined {
  const commit = commitOf(folder)
  return commit === undefined || !isChanged(folder, paths) ? commit : `${commit}+`
}

function isChanged(cwd: string, paths: readonly string[]): boolean {
  const quiet = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null']
  const there = paths.filter((path) => existsSync(resolve(cwd, path)))
  if (there.length === 0) return false
  try {
    const args = [...quiet, 'status', '--porcelain', '--untracked-files=all', '--', ...there]
    return execFileSync('git', args, { cwd, timeout: 5000, stdio: ['ignore', 'pipe', 'ignore'] }).length > 0
  } catch {
    return false // no Git at hand: the commit alone is what can be said
  }
}

function textAt(path: string): string {
  const read = readText(path)
  return read.ok ? read.text : ''
}

/** Looks upwards; in a work tree `.git` is a file that says where the folder is. */
function gitFolder(folder: string): string | undefined {
  for (let here = resolve(folder); ; here = dirname(here)) {
    const git = join(here, '.git')
    if (existsSync(join(git, 'HEAD'))) return git
    if (existsSync(git)) {
      const elsewhere = /^gitdir: (.+)$/m.exec(textAt(git))?.[1]
      return elsewhere === undefined ? undefined : resolve(here, elsewhere)
    }
    if (dirname(here) === here) return undefined
  }
}

function commitOfRef(git: string, name: string): string | undefined {
  const shared = join(git, 'commondir')
  const homes = existsSync(shared) ? [git, resolve(git, textAt(shared).trim())] : [git]
  for (const home of homes) {
    if (existsSync(join(home, name))) return textAt(join(home, name)).trim()
    if (!existsSync(join(home, 'packed-refs'))) continue
    const packed = textAt(join(home, 'packed-refs')).split('\n')
    const line = packed.find((one) => one.endsWith(` ${name}`))
    if (line !== undefined) return line.split(' ')[0]
  }
  return undefined
}
