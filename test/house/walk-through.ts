import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { filesUnder } from './files.ts'

/** The files of a walk-through in CONTRIBUTING.md, by path. */
export async function walkThrough(title: string): Promise<Map<string, string>> {
  const page = await readFile('CONTRIBUTING.md', 'utf8')
  const section = page.split(/^## /m).find((one) => one.startsWith(`${title}\n`)) ?? ''
  const steps = section.matchAll(/^\d\. `([^`]+)`:[\s\S]*?^ {3}```\w+\n([\s\S]*?)^ {3}```/gm)
  return new Map([...steps].map(([, path = '', block = '']) => [path, block.replace(/^ {3}/gm, '')]))
}

/** Runs a command of Node in a folder; `output` is what it wrote to both streams. */
export function runNode(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number; output: string }> {
  return new Promise((done) =>
    execFile(process.execPath, args, { cwd, env: { ...process.env, ...env, NO_COLOR: '1' } }, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, output: stdout + stderr }),
    ),
  )
}

/** Does something in a copy of the project, which is removed afterwards. */
export async function inCopy(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mailconfig-copy-'))
  try {
    for (const path of filesUnder('.')) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await cp(path, join(folder, path))
    }
    await symlink(resolve('node_modules'), join(folder, 'node_modules'))
    await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
