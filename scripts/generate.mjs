// Writes what follows from the kinds: src/apis/index.ts, schemas/, mailconfig.schema.json, docs/reference/.
// With --check nothing is written, and any difference ends with exit code 1.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { importTypeScript } from './bundle.mjs'

const check = process.argv.includes('--check')
const wrong = []

async function put(path, text) {
  const before = await readFile(path, 'utf8').catch(() => undefined)
  if (before === text) return
  wrong.push(path)
  if (check) return
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

async function isThere(path) {
  return (await readdir(path).catch(() => [])).length > 0
}

/** A generated folder holds what is generated, and nothing that once was. */
async function sweep(folder, keep) {
  for (const name of await readdir(folder).catch(() => [])) {
    if (keep.includes(name)) continue
    wrong.push(`${folder}/${name}`)
    if (!check) await rm(`${folder}/${name}`)
  }
}

const apis = (await readdir('src/apis', { withFileTypes: true })).filter((entry) => entry.isDirectory())
const sources = await Promise.all(
  apis.map(async ({ name: api }) =>
    Promise.all(
      (await readdir(`src/apis/${api}/kinds`))
        .sort()
        .map(async (name) => ({ api, name, text: await readFile(`src/apis/${api}/kinds/${name}`, 'utf8') })),
    ),
  ),
)
const found = sources.flat().flatMap(({ api, name, text }) => {
  const constant = /export const (\w+) = defineKind\(/.exec(text)?.[1]
  return constant === undefined ? [] : [{ api, name, constant }]
})
const { kindsIndex, servicesIndex } = await importTypeScript('src/derive/index-file.ts')
await put('src/apis/index.ts', kindsIndex(found))
const served = await Promise.all(
  apis.map(async ({ name }) => ({ name, has: await isThere(`src/apis/${name}/emulator`) })),
)
await put('src/apis/services.ts', servicesIndex(served.filter(({ has }) => has).map(({ name }) => name)))

const { outputs } = await importTypeScript('scripts/outputs.ts')
const files = outputs()
for (const [path, text] of Object.entries(files)) await put(path, text)
const namesIn = (folder) =>
  Object.keys(files)
    .filter((path) => dirname(path) === folder)
    .map((path) => path.slice(folder.length + 1))
for (const folder of ['resources', 'data-sources', 'functions', 'ephemeral-resources'].map(
  (name) => `docs/terraform/${name}`,
))
  await sweep(folder, namesIn(folder))
await sweep('schemas', namesIn('schemas'))
await sweep('docs/reference', namesIn('docs/reference'))

if (wrong.length === 0) process.stdout.write('Everything generated is up to date.\n')
else
  process.stdout.write(
    `${`${check ? 'Not up to date' : 'Written'}:\n${wrong.map((path) => `  ${path}`).join('\n')}`}\n`,
  )
if (check && wrong.length > 0) {
  process.stderr.write('Run "npm run generate" and commit the result.\n')
  process.exitCode = 1
}
