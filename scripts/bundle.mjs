import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

/** What every bundle that is published has in common. */
export const published = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  // Not ours to carry: pg never loads its native twin, and who keeps a ledger in S3 installs the SDK.
  external: ['pg-native', '@aws-sdk/client-s3'],
  metafile: true,
  logLevel: 'warning',
}

/** Runs a TypeScript module of ours on any Node: bundles it, imports it, answers what it exports. */
export async function importTypeScript(entry) {
  const folder = await mkdtemp(join(process.cwd(), 'node_modules', '.mailconfig-')) // inside, so that packages are found
  const outfile = join(folder, 'module.mjs')
  try {
    await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external' })
    return await import(pathToFileURL(outfile).href)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
