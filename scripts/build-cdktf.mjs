// Builds dist/cdktf/ and dist/cdktn/: the constructs for CDKTF and for CDK Terrain, as CommonJS, which both libraries are.
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { generateConstructs, LIBRARIES } from './generate-cdktf.mjs'

const run = promisify(execFile)

/** Generates, bundles and declares both; the libraries themselves stay outside. */
export async function buildConstructs() {
  await generateConstructs()
  await Promise.all(
    LIBRARIES.map(async ({ name }) => {
      const [from, to] = [`src/cdktf/gen/${name}`, `dist/${name}`]
      await build({
        entryPoints: { main: `${from}/main.ts` },
        outdir: to,
        bundle: true,
        format: 'cjs',
        platform: 'node',
        target: 'node20.19',
        // Not minified: Node shows the line of an error that is thrown, and a spec with problems is one.
        legalComments: 'none',
        external: ['constructs', name],
        logLevel: 'warning',
      })
      await writeFile(`${to}/package.json`, '{ "type": "commonjs" }\n')
      await writeFile(
        `${from}/tsconfig.json`,
        JSON.stringify({ extends: '../../../../tsconfig.cdktf.json', include: ['.'], exclude: [] }),
      )
      const types = ['node_modules/typescript/bin/tsc', '-p', from, '--rootDir', from, '--outDir', to]
      await run(process.execPath, types).catch(({ stdout }) =>
        Promise.reject(new Error(`the constructs for ${name} do not compile\n${stdout}`)),
      )
    }),
  )
}
