import { spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { type Emulator, type LoggedRequest, startEmulator } from '../../../src/apis/emulator.ts'
import type { Row, State } from '../../apis/kinds/state.ts'
import { installProvider, PROVIDER, type Ran, terraform } from '../terraform.ts'

export type { Row, State }

/** A folder with a configuration and an emulator: the real terraform and the bundled provider in between. */
export interface World {
  readonly emulator: Emulator
  readonly folder: string
  /** The mirror that the provider is installed in, by host, namespace and type. */
  readonly installed: string
  /** Writes the configuration: HCL, or an object that becomes `main.tf.json`. */
  readonly write: (config: string | Row) => void
  readonly run: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Ran>
  /** Starts terraform as the leader of a process group, as a terminal does. */
  readonly start: (args: readonly string[]) => { readonly pid: number | undefined; readonly done: Promise<number> }
  readonly plan: (...more: string[]) => Promise<Ran>
  readonly apply: (...more: string[]) => Promise<Ran>
  readonly state: () => State
  /** Changes the emulator's state behind Terraform's back. */
  readonly edit: (change: (state: State) => void) => void
  /** Calls since the last `clear`, those that write something as `METHOD path`. */
  readonly writes: () => string[]
  readonly requests: () => LoggedRequest[]
  readonly clear: () => void
  /** The attributes of a resource in Terraform's state. */
  readonly attributes: (address: string) => Row | undefined
  readonly stateText: () => string
  /** Everything that terraform has printed so far. */
  readonly printed: () => string
  readonly close: () => Promise<void>
}

const HEAD = {
  terraform: { required_providers: { mailconfig: { source: PROVIDER.replace('registry.terraform.io/', '') } } },
}
let initialised: Promise<string> | undefined

/** Bundles the provider as it is published and initialises one folder, which all worlds of a test file share. */
async function initialise(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'mailconfig-terraform-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const bin = join(folder, 'provider.cjs')
  await build({
    entryPoints: ['src/terraform/main.ts'],
    outfile: bin,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    define: { MAILCONFIG_VERSION: '"0.1.0"', 'import.meta.url': '"file:///"' },
    logLevel: 'warning',
  })
  installProvider(folder, bin, '0.1.0')
  writeFileSync(join(folder, 'main.tf.json'), JSON.stringify(HEAD))
  const { code, stderr } = await terraform(folder, ['init'])
  if (code !== 0) throw new Error(`terraform init: ${stderr}`)
  return folder
}

/** Opens a world; `seed` is the emulator's state to start from. */
export async function openWorld(seed: unknown = {}): Promise<World> {
  initialised ??= initialise()
  const shared = await initialised
  const folder = mkdtempSync(join(tmpdir(), 'mailconfig-terraform-'))
  copyFileSync(join(shared, '.terraform.lock.hcl'), join(folder, '.terraform.lock.hcl'))
  const emulator = await startEmulator({ seed })
  const env = {
    TF_DATA_DIR: join(shared, '.terraform'),
    SMTP2GO_API_KEY: emulator.apiKey,
    SMTP2GO_URL: emulator.smtp2go,
    BACKOFFICE_URL: emulator.backoffice,
    BACKOFFICE_TOKEN: emulator.token,
  }
  const printed: string[] = []
  const run = async (args: readonly string[], more: Readonly<Record<string, string>> = {}) => {
    const ran = await terraform(folder, args, { ...env, ...more })
    printed.push(`$ terraform ${args.join(' ')}`, ran.stdout, ran.stderr)
    return ran
  }
  const stateText = () => readFileSync(join(folder, 'terraform.tfstate'), 'utf8')
  const log = () => emulator.requests()
  return {
    emulator,
    folder,
    installed: join(shared, 'mirror'),
    write: (config) => {
      const isText = typeof config === 'string'
      const head = isText
        ? `${config}\nterraform {\n  required_providers {\n    mailconfig = { source = "mailconfig/mailconfig" }\n  }\n}\n`
        : ''
      writeFileSync(
        join(folder, isText ? 'main.tf' : 'main.tf.json'),
        isText ? head : JSON.stringify({ ...HEAD, ...config }, null, 2),
      )
    },
    run,
    start: (args) => {
      const child = spawn('terraform', [...args, '-no-color'], {
        cwd: folder,
        env: { ...env, PATH: process.env['PATH'] ?? '', HOME: folder, CHECKPOINT_DISABLE: '1', TF_INPUT: '0' },
        detached: true,
        stdio: 'ignore',
      })
      return { pid: child.pid, done: new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1))) }
    },
    plan: (...more) => run(['plan', '-detailed-exitcode', '-lock=false', ...more]),
    apply: (...more) => run(['apply', '-auto-approve', '-lock=false', ...more]),
    state: () => emulator.state() as State,
    edit: (change) => {
      const state = structuredClone(emulator.state()) as State
      change(state)
      emulator.setState(state)
    },
    writes: () => log().flatMap((one) => (one.writes ? [`${one.method} ${one.path}`] : [])),
    requests: log,
    clear: () => emulator.clearRequests(),
    attributes: (address) => {
      const [type, name] = address.split('.')
      const { resources } = JSON.parse(stateText()) as {
        resources: { type: string; name: string; mode: string; instances: { attributes: Row }[] }[]
      }
      const found = resources.find((one) => one.type === type && one.name === name && one.mode === 'managed')
      return found?.instances[0]?.attributes
    },
    stateText,
    printed: () => printed.join('\n'),
    close: async () => {
      await emulator.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
