import { mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'

/** A folder of its own for a test; short, since a socket's path may have a hundred bytes. */
export function newFolder(): string {
  return mkdtempSync(join(realpathSync(tmpdir()), 'mct-'))
}

/** The toy as one file, as the real provider is built; the path of the script. */
export async function bundleToy(dir: string): Promise<string> {
  const outfile = join(dir, 'toy.mjs')
  await build({
    entryPoints: ['test/terraform/protocol/toy-provider.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    logLevel: 'warning',
  })
  return outfile
}
