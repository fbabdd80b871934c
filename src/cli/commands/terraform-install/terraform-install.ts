import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { VERSION } from '../../invocation/version.ts'

/** Where Terraform and OpenTofu look for a provider by default. */
const REGISTRIES = ['registry.terraform.io', 'registry.opentofu.org']

/** Puts the Terraform provider into the plugin folder of this user, for Terraform and for OpenTofu. */
export async function terraformInstall({ io, options }: Invocation): Promise<number> {
  const source = io.file('terraform-provider.cjs')
  if (!existsSync(source))
    throw new Stop('the provider is not in this package', { hint: 'run the command from the published package' })
  if (io.platform.os === 'windows')
    throw new Stop('on Windows the provider is the .exe of a release', { hint: 'a script is not a provider there' })
  if (options.dir === undefined && io.home === '')
    throw new Stop('the home folder is unknown', { hint: 'set HOME, or name a folder with --dir' })
  const root = options.dir === undefined ? join(io.home, '.terraform.d/plugins') : resolve(io.cwd, options.dir)
  const script = `#!${io.platform.node}\n${readFileSync(source, 'utf8').replace(/^#!.*\n/, '')}`
  const place = `mailconfig/mailconfig/${VERSION}/${io.platform.os}_${io.platform.arch}`
  for (const registry of REGISTRIES) {
    const path = join(root, registry, place, `terraform-provider-mailconfig_v${VERSION}`)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(`${path}.new`, script)
    chmodSync(`${path}.new`, 0o755)
    renameSync(`${path}.new`, path)
    io.stdout.write(`Wrote ${path}\n`)
  }
  io.stdout.write(`
terraform {
  required_providers {
    mailconfig = {
      source  = "mailconfig/mailconfig"
      version = "${VERSION}"
    }
  }
}

Next: terraform init${options.dir === undefined ? '' : ` -plugin-dir=${options.dir}`}
`)
  return EXIT.ok
}
