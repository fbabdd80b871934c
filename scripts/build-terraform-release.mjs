// Builds what a registry asks for: one zip for each platform that can be built here, the manifest, the checksums.
// A binary carries its own Node, so it is built on the platform that it is for; run this once on each and put the zips together.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { inject } from 'postject'
import { buildTerraform, PROVIDER } from './build-terraform.mjs'

const out = 'release'
const { version } = JSON.parse(await readFile('package.json', 'utf8'))
const os = process.platform === 'win32' ? 'windows' : process.platform
const arch = process.arch === 'x64' ? 'amd64' : process.arch
const name = `terraform-provider-mailconfig_${version}`
const binary = `terraform-provider-mailconfig_v${version}${os === 'windows' ? '.exe' : ''}`

await buildTerraform(version)
await rm(out, { recursive: true, force: true })
await mkdir(out, { recursive: true })
const work = await mkdtemp(join(tmpdir(), 'mailconfig-release-'))
try {
  const blob = join(work, 'provider.blob')
  const config = join(work, 'sea.json')
  const main = join(work, 'provider.cjs')
  await writeFile(main, (await readFile(PROVIDER, 'utf8')).replace(/^#!.*\n/, ''))
  await writeFile(
    config,
    JSON.stringify({ main, output: blob, disableExperimentalSEAWarning: true, useCodeCache: true }),
  )
  execFileSync(process.execPath, ['--experimental-sea-config', config], { stdio: 'inherit' })
  const path = join(work, binary)
  await copyFile(process.execPath, path)
  await inject(path, 'NODE_SEA_BLOB', await readFile(blob), {
    sentinelFuse: 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2',
    ...(os === 'darwin' ? { machoSegmentName: 'NODE_SEA' } : {}),
  })
  const files = { [binary]: [await readFile(path), { os: 3, attrs: 0o755 << 16, mtime: '1980-01-01T00:00:00' }] }
  await writeFile(join(out, `${name}_${os}_${arch}.zip`), zipSync(files, { level: 6 }))
} finally {
  await rm(work, { recursive: true, force: true })
}
await writeFile(
  join(out, `${name}_manifest.json`),
  `${JSON.stringify({ version: 1, metadata: { protocol_versions: ['6.0'] } }, null, 2)}\n`,
)
const sums = await Promise.all(
  [`${name}_${os}_${arch}.zip`, `${name}_manifest.json`].map(
    async (file) =>
      `${createHash('sha256')
        .update(await readFile(join(out, file)))
        .digest('hex')}  ${file}\n`,
  ),
)
await writeFile(join(out, `${name}_SHA256SUMS`), sums.join(''))
process.stdout.write(`Wrote ${out}/ for ${os}_${arch}. Sign it: gpg --detach-sign ${out}/${name}_SHA256SUMS\n`)
