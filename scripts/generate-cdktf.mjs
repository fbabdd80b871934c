// Writes src/cdktf/gen/: for CDKTF and for CDK Terrain, constructs made from the provider's schema, and beside them the
// hand-made ones of src/cdktf/constructs/ with their imports turned to it. Calls no Terraform and no network.
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { importTypeScript } from './bundle.mjs'

const GEN = 'src/cdktf/gen'
const HAND_MADE = 'src/cdktf/constructs'

/** The two libraries, and where each has its generator: the public entry of the first asks for a package that it does not declare. */
export const LIBRARIES = [
  { name: 'cdktf', generator: '@cdktf/provider-generator/lib/get/generator/provider-generator' },
  { name: 'cdktn', generator: '@cdktn/provider-generator/build/get/generator/provider-generator' },
]

/** Makes the sources of both from the provider's schema and from the kinds. */
export async function generateConstructs() {
  const { version } = JSON.parse(await readFile('package.json', 'utf8'))
  const { schemaJson, sections, specObject } = await importTypeScript('scripts/cdktf-schema.ts')
  const schema = schemaJson(version)
  await rm(GEN, { recursive: true, force: true })
  for (const library of LIBRARIES) {
    const folder = join(GEN, library.name)
    await bindings(library, schema, folder)
    await writeFile(join(folder, 'package.json'), '{ "type": "commonjs" }\n')
    await writeFile(join(folder, 'resources.ts'), await resources(folder, library.name, sections))
    await writeFile(join(folder, 'spec-object.ts'), specObject())
    for (const name of await readdir(HAND_MADE)) {
      const text = await readFile(join(HAND_MADE, name), 'utf8')
      await writeFile(join(folder, name), turned(text, library.name))
    }
  }
}

async function bindings({ generator }, schema, folder) {
  // On load the generators run Terraform for its version, and report to its maker if that fails: neither is wanted here.
  process.env.CHECKPOINT_DISABLE = '1'
  process.env.TERRAFORM_BINARY_NAME = 'no-terraform-is-needed'
  const require = createRequire(import.meta.url)
  const { TerraformProviderGenerator } = require(generator)
  const { CodeMaker } = createRequire(require.resolve(generator))('codemaker')
  const made = new TerraformProviderGenerator(new CodeMaker(), schema)
  made.generateAll()
  await mkdir(folder, { recursive: true })
  await made.save(folder)
  await rename(join(folder, 'providers/mailconfig'), join(folder, 'bindings'))
  for (const extra of ['providers', 'bindings/lazy-index.ts', 'versions.json', 'constraints.json'])
    await rm(join(folder, extra), { recursive: true, force: true })
}

/** A hand-made source as it stands beside the generated ones of a library. */
function turned(text, library) {
  return text.replaceAll('../gen/cdktf/', './').replaceAll("from 'cdktf'", `from '${library}'`)
}

/** The resource classes by the section of a spec that they stand for. */
async function resources(folder, library, sections) {
  const found = new Map()
  for (const name of await readdir(join(folder, 'bindings'))) {
    if (name === 'index.ts') continue
    await rm(join(folder, 'bindings', name, 'README.md'), { force: true })
    const text = await readFile(join(folder, 'bindings', name, 'index.ts'), 'utf8')
    const constant = /export class (\w+) extends \w+\.TerraformResource/.exec(text)?.[1]
    if (constant !== undefined) found.set(/tfResourceType = "(\w+)"/.exec(text)?.[1], { name, constant })
  }
  const classes = Object.entries(sections).map(([section, type]) => ({ section, ...found.get(type) }))
  const lines = (line) => classes.map(line).join('')
  return `import type { TerraformResource } from '${library}'
import type { Construct } from 'constructs'
${lines(({ name, constant }) => `import { ${constant} } from './bindings/${name}/index'\n`)}
/** The resource of each section of a spec. */
export interface Resources {
${lines(({ section, constant }) => `  readonly ${section}: ${constant}\n`)}}

const CLASSES: Readonly<Record<string, new (scope: Construct, id: string, config: any) => TerraformResource>> = {
${lines(({ section, constant }) => `  ${section}: ${constant},\n`)}}

/** Makes the resource of a section. */
export function makeResource(section: string, scope: Construct, id: string, config: object): TerraformResource {
  const Made = CLASSES[section]
  if (Made === undefined) throw new TypeError(\`there is no section \${section}\`)
  return new Made(scope, id, config)
}

/** A resource of a section, by its construct's name. */
export function resourceIn<Section extends keyof Resources>(
  resources: ReadonlyMap<string, TerraformResource>,
  _section: Section,
  id: string,
): Resources[Section] {
  return resources.get(id) as Resources[Section]
}
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await generateConstructs()
  process.stdout.write(`Written: ${GEN}\n`)
}
