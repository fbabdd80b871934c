// Builds dist/: the bundled command line with lazily loaded commands, the library, the emulator, types, licences.
import { execFileSync } from 'node:child_process'
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { build } from 'esbuild'
import { buildConstructs } from './build-cdktf.mjs'
import { buildTerraform } from './build-terraform.mjs'
import { importTypeScript, published } from './bundle.mjs'
import { compiledInbox } from './inbox.mjs'
import { compiledReport } from './report.mjs'

const { version } = JSON.parse(await readFile('package.json', 'utf8'))
await rm('dist', { recursive: true, force: true })

// The validator is compiled here and not at every start; the tests of the built command see it, those of src the other.
const [{ validatorSource }, { specSchema }, { kinds }] = await Promise.all(
  ['src/derive/schema/validator.ts', 'src/derive/schema/spec.ts', 'src/apis/index.ts'].map(importTypeScript),
)
const compiledValidator = {
  name: 'compiled-validator',
  setup(plugin) {
    plugin.onLoad({ filter: /src[\\/](?:cli[\\/]session|cdktf)[\\/]validator\.ts$/ }, ({ path }) => ({
      resolveDir: dirname(path),
      contents: "export { specValidator } from 'compiled:validator'", // one for both doors
    }))
    plugin.onResolve({ filter: /^compiled:/ }, ({ path, resolveDir }) => ({
      path,
      namespace: 'compiled',
      pluginData: resolveDir,
    }))
    plugin.onLoad({ filter: /^compiled:/, namespace: 'compiled' }, ({ pluginData }) => ({
      resolveDir: pluginData,
      contents: `${validatorSource(specSchema(kinds))}
import { plainError } from ${JSON.stringify(resolve('src/derive/schema/plain-error.ts'))}
export const specValidator = (document) => (validate(document) ? [] : (validate.errors ?? []).map(plainError))`,
    }))
  },
}

const { metafile } = await build({
  ...published,
  entryPoints: {
    bin: 'src/cli/bin.ts',
    main: 'src/cli/main.ts', // the command line as a function, for the tests
    index: 'src/index.ts',
    emulator: 'src/apis/emulator.ts',
    'cdktf-spec': 'src/cdktf/spec-worker.ts',
    'template-worker': 'src/templates/worker.ts',
  },
  outdir: 'dist',
  splitting: true,
  format: 'esm',
  chunkNames: 'chunks/[name]-[hash]',
  define: { MAILCONFIG_VERSION: JSON.stringify(version) },
  // Bundled CommonJS packages ask for Node's modules with require.
  banner: { js: "import { createRequire as __cr } from 'node:module';const require = __cr(import.meta.url);" },
  plugins: [compiledValidator, compiledReport, compiledInbox],
})
await chmod('dist/bin.js', 0o755)
const provider = await buildTerraform(version)

const types = ['-p', 'tsconfig.types.json']
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', ...types], { stdio: 'inherit' })

// The licences of what is bundled go with it.
const packages = new Set(
  [...Object.keys(metafile.inputs), ...Object.keys(provider.inputs)]
    .map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
    .filter((name) => name !== undefined),
)
const notices = []
for (const name of [...packages].sort()) {
  const { version: theirs, license } = JSON.parse(await readFile(`node_modules/${name}/package.json`, 'utf8'))
  const file = (await readdir(`node_modules/${name}`)).find((one) => /^licen[cs]e/i.test(one))
  const text = file === undefined ? '' : await readFile(`node_modules/${name}/${file}`, 'utf8')
  notices.push(`${name} ${theirs} (${license})\n\n${text.trim()}\n`)
}
await writeFile('dist/THIRD-PARTY-LICENSES.txt', notices.join(`\n${'-'.repeat(80)}\n\n`))

await buildConstructs()
