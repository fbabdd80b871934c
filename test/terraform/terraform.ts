import { execFile, execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** What a run of terraform left behind. */
export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const NAME = 'mailconfig'
const HOST = 'registry.terraform.io'
/** The provider's full name, as Terraform writes it. */
export const PROVIDER = `${HOST}/${NAME}/${NAME}`

let known: boolean | undefined

/** Whether there is a terraform to test with; tests skip themselves without, and fail where CI=true. */
export function needsTerraform(): boolean {
  known ??= hasTerraform()
  return known
}

function hasTerraform(): boolean {
  try {
    execFileSync('terraform', ['version', '-json'], { env: { ...process.env, CHECKPOINT_DISABLE: '1' }, stdio: 'pipe' })
    return true
  } catch (cause) {
    if (process.env['CI'] === 'true') throw new Error('terraform is missing, and CI tests with it', { cause })
    process.stderr.write('skipped: there is no terraform in the PATH\n')
    return false
  }
}

/** Runs terraform in a folder, with a configuration of its own there and without the network. */
export function terraform(
  dir: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  return startTerraform(dir, args, env).done
}

/** As `terraform`, for a test that wants to do something to the running process. */
export function startTerraform(dir: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const config = join(dir, 'terraform.rc')
  const mirror = join(dir, 'mirror')
  // Nothing but the mirror: a provider that is not there is an error, and no reason to ask a registry.
  writeFileSync(config, `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(mirror)} }\n}\n`)
  const { promise, resolve } = withResolvers<Ran>()
  const child = execFile(
    'terraform',
    [...args],
    {
      cwd: dir,
      maxBuffer: 2 ** 28,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: dir,
        TMPDIR: process.env['TMPDIR'] ?? '/tmp',
        CHECKPOINT_DISABLE: '1',
        TF_CLI_CONFIG_FILE: config,
        TF_IN_AUTOMATION: '1',
        TF_INPUT: '0',
        NO_COLOR: '1',
        TF_CLI_ARGS: '-no-color',
        ...env,
      },
    },
    (_, stdout, stderr) => resolve({ code: child.exitCode ?? 1, stdout, stderr }),
  )
  return { child, done: promise }
}

/** Puts a provider into the mirror that `terraform` reads: a launcher that loads the script `bin` with this Node. */
export function installProvider(dir: string, bin: string, version = '1.0.0'): void {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch
  const folder = join(dir, 'mirror', HOST, NAME, NAME, version, `${process.platform}_${arch}`)
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `terraform-provider-${NAME}_v${version}`)
  writeFileSync(file, `#!${process.execPath}\nimport(${JSON.stringify(pathToFileURL(bin).href)})\n`)
  chmodSync(file, 0o755)
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
