import { chmod } from 'node:fs/promises'
import { build } from 'esbuild'

/** Where the provider is built to: one file that Node runs under any name. */
export const PROVIDER = 'dist/terraform-provider.cjs'

/** Bundles the Terraform provider; CommonJS, since Terraform's file name has no ending that Node takes for a module. */
export async function buildTerraform(version) {
  const { metafile } = await build({
    entryPoints: ['src/terraform/main.ts'],
    outfile: PROVIDER,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    metafile: true,
    define: { MAILCONFIG_VERSION: JSON.stringify(version), 'import.meta.url': '"file:///"' },
    logLevel: 'warning',
  })
  await chmod(PROVIDER, 0o755)
  return metafile
}
