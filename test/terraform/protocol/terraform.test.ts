import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { installProvider, needsTerraform, PROVIDER, type Ran, terraform } from '../terraform.ts'
import { bundleToy, newFolder } from './bundle.ts'
import { start } from './client.ts'

let script = ''
beforeAll(async () => {
  script = await bundleToy(newFolder())
})

describe.runIf(needsTerraform())('the real terraform', { timeout: 120_000 }, () => {
  test('takes a resource through its whole life, over TLS', async () => {
    const box = await workspace()
    installProvider(box.dir, script)
    await box.run('init')
    await wholeLife(box)
  })

  test('takes a resource through its whole life with a provider that runs already', async () => {
    const { child, line, exited } = await start(script, {}, ['--debug'])
    const [, reattach = ''] = /^TF_REATTACH_PROVIDERS='(.+)'\n$/.exec(line) ?? []
    const box = await workspace({ TF_REATTACH_PROVIDERS: reattach })
    await box.run('init')
    await wholeLife(box)
    child.kill('SIGTERM')
    expect(await exited).toEqual([0, null])
  })

  test('starts the provider over development overrides, without init', async () => {
    const box = await workspace()
    installProvider(box.dir, script)
    const arch = process.arch === 'x64' ? 'amd64' : process.arch
    const folder = join(box.dir, 'mirror', PROVIDER, '1.0.0', `${process.platform}_${arch}`)
    const config = join(box.dir, 'dev.rc')
    const overrides = `dev_overrides { ${JSON.stringify(PROVIDER)} = ${JSON.stringify(folder)} }`
    writeFileSync(config, `provider_installation {\n  ${overrides}\n  direct {}\n}\n`)
    const { code, stdout } = await terraform(box.dir, ['validate'], { TF_CLI_CONFIG_FILE: config })
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Provider development overrides'),
    })
  })

  test('shows an error and a warning at their line, and a bug as a bug', async () => {
    const box = await workspace()
    installProvider(box.dir, script)
    await box.run('init')
    box.write(`name = "odd"\n  size = 13`)
    const invalid = await terraform(box.dir, ['validate'])
    expect(invalid.code).toBe(1)
    expect(invalid.stderr).toMatch(
      /Error: Unlucky[\s\S]+on main\.tf line \d+, in resource "mailconfig_box" "a":\n.+size = 13/,
    )
    box.write('name = "odd"')
    expect(await box.run('validate')).toMatch(/Warning: Odd name[\s\S]+name = "odd"/)
    box.write('name = "a"\n  text = "throw"')
    const failed = await terraform(box.dir, ['apply', '-auto-approve'])
    expect(failed.code).toBe(1)
    expect(failed.stderr).toMatch(
      /Error: mailconfig failed in ApplyResourceChange[\s\S]+the toy broke[\s\S]+This is a bug/,
    )
    expect(box.state()).toEqual([])
  })

  test('reads the log, and no value stands in it', async () => {
    const box = await workspace()
    installProvider(box.dir, script)
    await box.run('init')
    box.write('name = "a"\n  password = "canary-1"\n  secret = "canary-2"')
    const { stderr } = await terraform(box.dir, ['apply', '-auto-approve'], { TF_LOG_PROVIDER: 'trace' })
    expect(stderr).toMatch(/\[DEBUG\] provider\.[^:]+: .*ApplyResourceChange/)
    const ours = stderr.split('\n').filter((line) => line.includes('[DEBUG] provider.'))
    expect(ours.join('\n')).not.toContain('canary')
  })

  test('gets numbers, large texts and odd keys to the provider and back without a change', async () => {
    const box = await workspace()
    installProvider(box.dir, script)
    await box.run('init')
    for (const size of [
      '0.1',
      '1e-7',
      '9007199254740993',
      '-9223372036854775808',
      '18446744073709551616',
      '1e400',
      '1.5e300',
    ]) {
      box.write(`name = "a"\n  size = ${size}`)
      await box.run('apply', '-auto-approve')
      expect([size, await box.changes()]).toEqual([size, 0])
    }
    const odd = JSON.stringify('a\u0001b\u{1f4e6}"\\\n \u2028 ä')
    writeFileSync(join(box.dir, 'long.txt'), `\ufeff${'x€'.repeat(100_000)}`)
    box.write(`name = "a"\n  text = file("long.txt")\n  notes = { ${odd} = ${odd}, "" = "", "constructor" = null }`)
    await box.run('apply', '-auto-approve')
    expect(await box.changes()).toBe(0)
    expect(box.state()[0]).toMatchObject({ text: readFileSync(join(box.dir, 'long.txt'), 'utf8') })
  })

  test('passes 20 MB', async () => {
    const box = await workspace()
    installProvider(box.dir, script)
    await box.run('init')
    writeFileSync(join(box.dir, 'huge.txt'), 'x'.repeat(20_000_000))
    box.write('name = "a"\n  text = file("huge.txt")')
    expect((await terraform(box.dir, ['plan', '-out=plan'])).stderr).toBe('')
  })

  test('leaves no provider behind', async () => {
    const box = await workspace()
    installProvider(box.dir, script)
    await box.run('init')
    const sockets = join(box.dir, 't')
    mkdirSync(sockets)
    await terraform(box.dir, ['plan'], { TMPDIR: sockets })
    await setTimeout(100)
    expect(readdirSync(sockets)).toEqual([])
  })
})

type Workspace = Awaited<ReturnType<typeof workspace>>

/** A folder with a configuration of one box; `run` expects success and returns what was printed. */
async function workspace(env: Readonly<Record<string, string>> = {}) {
  const dir = newFolder()
  const write = (attributes: string, more = '') =>
    writeFileSync(
      join(dir, 'main.tf'),
      `terraform {
  required_providers {
    mailconfig = { source = "mailconfig/mailconfig" }
  }
}
provider "mailconfig" {
  folder = ${JSON.stringify(dir)}
}
resource "mailconfig_box" "a" {
  ${attributes}
}
${more}`,
    )
  write('name = "a"')
  const run = async (...args: string[]): Promise<string> => {
    const ran: Ran = await terraform(dir, args, env)
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    return ran.stdout
  }
  return {
    dir,
    write,
    run,
    /** 0 without changes, 2 with some. */
    changes: async () => (await terraform(dir, ['plan', '-detailed-exitcode'], env)).code,
    /** The attributes of each resource in the state. */
    state: (): readonly Readonly<Record<string, unknown>>[] => {
      const { resources } = JSON.parse(readFileSync(join(dir, 'terraform.tfstate'), 'utf8'))
      return resources.flatMap((one: { mode: string; instances: { attributes: object }[] }) =>
        one.mode === 'managed' ? one.instances.map(({ attributes }) => attributes) : [],
      )
    },
  }
}

const EVERYTHING = `name = "a"
  size = 1.5
  open = true
  labels = ["y", "x", "y"]
  tags = ["t", "s"]
  notes = { k = "v" }
  text = "hello"
  secret = "canary-secret"
  password = "canary-password"
  parts = [{ what = "w", many = 12345678901234567890, at = { x = 0.1 } }, { what = "v" }]
  sides = { left = { colour = "red" }, right = {} }
  lids = [{ colour = "b" }, { colour = "a" }]`
const AROUND = `data "mailconfig_boxes" "d" {
  greeting = mailconfig_box.a.id
}
ephemeral "mailconfig_token" "t" {
  for = mailconfig_box.a.id
}
output "joined" {
  value = provider::mailconfig::join("-", "a", "b", mailconfig_box.a.id)
}
output "boxes" {
  value = data.mailconfig_boxes.d
}`

async function wholeLife(box: Workspace): Promise<void> {
  box.write(EVERYTHING, AROUND)
  await box.run('validate')
  expect(await box.changes()).toBe(2)
  const created = await box.run('apply', '-auto-approve')
  expect(created).toContain('Apply complete! Resources: 1 added')
  expect(created).toContain('joined = "a-b-box-a"')
  expect(created).toMatch(/"count" = 1099511627776\s+"greeting" = "box-a"\s+"shout" = "BOX-A"/)
  expect(created).not.toContain('canary')
  expect(box.state()).toEqual([
    {
      id: 'box-a',
      name: 'a',
      size: 1.5,
      open: true,
      labels: ['y', 'x', 'y'],
      tags: ['s', 't'],
      notes: { k: 'v' },
      text: 'hello',
      secret: 'canary-secret',
      password: null,
      password_seen: 'canary-password'.length,
      parts: [
        { what: 'w', many: Number('12345678901234567890'), at: { x: 0.1 } },
        { what: 'v', many: null, at: null },
      ],
      sides: { left: { colour: 'red' }, right: { colour: null } },
      lids: [{ colour: 'a' }, { colour: 'b' }],
    },
  ])
  expect(await box.changes()).toBe(0)

  box.write(EVERYTHING.replace('hello', 'bye').replace('"y", "x", "y"', '"x"'), AROUND)
  expect(await box.run('plan')).toContain('Plan: 0 to add, 1 to change, 0 to destroy.')
  expect(await box.run('apply', '-auto-approve')).toContain('Resources: 0 added, 1 changed, 0 destroyed')
  expect(box.state()).toMatchObject([{ text: 'bye', labels: ['x'] }])
  expect(await box.changes()).toBe(0)

  box.write('name = "b"\n  text = "t"')
  expect(await box.run('plan')).toMatch(/name\s+= "a" -> "b" # forces replacement/)
  expect(await box.run('apply', '-auto-approve')).toContain('Resources: 1 added, 0 changed, 1 destroyed')
  expect(box.state()).toMatchObject([{ id: 'box-b', name: 'b', labels: null }])

  writeFileSync(join(box.dir, 'box-b.json'), '{"name":"b","text":"drifted"}')
  expect(await box.run('plan')).toMatch(/text\s+= "drifted" -> "t"/)

  await box.run('state', 'rm', 'mailconfig_box.a')
  await box.run('import', 'mailconfig_box.a', 'box-b')
  expect(box.state()).toMatchObject([{ id: 'box-b', name: 'b', text: 'drifted' }])
  expect(await box.run('apply', '-auto-approve')).toContain('Resources: 0 added, 1 changed, 0 destroyed')
  expect(await box.run('destroy', '-auto-approve')).toContain('Resources: 1 destroyed')
  expect(box.state()).toEqual([])
  expect(readdirSync(box.dir).filter((one) => one.startsWith('box-'))).toEqual([])
}
