import { readFile } from 'node:fs/promises'
import { build } from 'esbuild'

/** What is compiled into reports: what docs/problems.md says of each code, and the script and style of the page. */
export async function reportDefines() {
  const text = await readFile('docs/problems.md', 'utf8')
  const rows = [...text.matchAll(/^\| `([A-Z0-9_]+)` \| (.*?) \|(?: (.*?) \|)?$/gm)]
  const rules = Object.fromEntries(rows.map(([, code, means, todo]) => [code, { means, todo }]))
  return { MAILCONFIG_RULES: JSON.stringify(rules), MAILCONFIG_PAGE: JSON.stringify(await page()) }
}

async function page() {
  const { outputFiles } = await build({
    entryPoints: { script: 'src/cli/report/html/page/main.ts', style: 'src/cli/report/html/page.css' },
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
