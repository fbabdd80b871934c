import { readFile } from 'node:fs/promises'
import { build } from 'esbuild'

/** Puts into reports what is compiled: what docs/problems.md says of each code, and the script and style of the page. */
export const compiledReport = {
  name: 'compiled-report',
  setup(plugin) {
    plugin.onLoad({ filter: /src[\\/]cli[\\/]report[\\/]content[\\/]assets\.ts$/ }, async () => ({
      contents: `export const RULES = ${JSON.stringify(await rules())}\nexport const PAGE = ${JSON.stringify(await page())}`,
    }))
  },
}

async function rules() {
  const text = await readFile('docs/problems.md', 'utf8')
  const rows = [...text.matchAll(/^\| `([A-Z0-9_]+)` \| (.*?) \|(?: (.*?) \|)?$/gm)]
  return Object.fromEntries(rows.map(([, code, means, todo]) => [code, { means, todo }]))
}

const page = () => compiledPage('src/cli/report/html/page/main.ts', 'src/cli/report/html/page.css')

/** The script and the style of a page, each as one text. */
export async function compiledPage(script, style) {
  const { outputFiles } = await build({
    entryPoints: { script, style },
    outdir: '.',
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['es2022', 'chrome120', 'firefox120', 'safari17'],
    charset: 'utf8',
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
  })
  const ending = (end) => outputFiles.find(({ path }) => path.endsWith(end)).text.trim()
  return { script: ending('script.js'), style: ending('style.css') }
}
