import { chmod } from 'node:fs/promises'
import { build } from 'esbuild'
import { published } from './bundle.mjs'

/** Where the provider is built to: one file that Node runs under any name. */
export const PROVIDER = 'dist/terraform-provider.cjs'

/** Bundles the Terraform provider; CommonJS, since Terraform's file name has no ending that Node takes for a module. */
export async function buildTerraform(version) {
  const { metafile } = await build({
    ...published,
    entryPoints: ['src/terraform/main.ts'],
    outfile: PROVIDER,
    format: 'cjs',
    define: { MAILCONFIG_VERSION: JSON.stringify(version), 'import.meta.url': '"file:///"' },
  })
  await chmod(PROVIDER, 0o755)
  return metafile
}
