import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { needsTerraform } from '../terraform.ts'
import { openWorld, type World } from './world.ts'

const HERE = 'registry.terraform.io/mailconfig/mailconfig'
const MIRROR = 'mirror.example.com/acme/mailconfig'

/** A world in which the same provider is installed a second time, under another name. */
async function twoSources(): Promise<World> {
  const opened = await openWorld()
  onTestFinished(() => opened.close())
  const { folder, installed } = opened
  const mirror = join(folder, 'mirror')
  cpSync(installed, mirror, { recursive: true })
  cpSync(join(installed, HERE), join(mirror, MIRROR), { recursive: true })
  return opened
}

const head = (source: string) => `terraform {
  required_providers {
    mailconfig = { source = "${source.replace('registry.terraform.io/', '')}" }
  }
}
`
const user = (name: string, more = '') => `resource "mailconfig_smtp_user" "${name}" {
  username    = "billing-app"
  password    = "Str0ng-Passw0rd!"
  description = "Invoices"
  rate_limit  = { messages = 500, per = "1 hour" }
${more}}
`
const squeezed = (text: string) => text.replace(/[│╷╵]/g, ' ').replace(/\s+/g, ' ')

/** Init with a data folder of its own: what is installed differs from the other worlds. */
async function use(world: World, source: string, config: string, keep = '') {
  writeFileSync(join(world.folder, 'main.tf'), head(source) + config + keep)
  const ran = await world.run(['init', '-upgrade'], own(world))
  expect(ran.stderr).toBe('')
}
const own = ({ folder }: World) => ({ TF_DATA_DIR: join(folder, 'data') })

describe.runIf(needsTerraform())('state moves here', () => {
  it('from the same provider under another address, and nothing is written to the account', async () => {
    const world = await twoSources()
    await use(world, MIRROR, user('old'))
    const applied = await world.run(['apply', '-auto-approve'], own(world))
    expect(applied.stderr).toBe('')
    expect(world.stateText()).toContain(MIRROR)
    const before = world.attributes('mailconfig_smtp_user.old')

    world.clear()
    const moved = 'moved {\n  from = mailconfig_smtp_user.old\n  to   = mailconfig_smtp_user.new\n}\n'
    await use(world, HERE, user('new'), moved)
    const again = await world.run(['apply', '-auto-approve'], own(world))
    expect(again.stderr).toBe('')
    expect(squeezed(again.stdout)).toContain('mailconfig_smtp_user.old has moved to mailconfig_smtp_user.new')
    expect(squeezed(again.stdout)).toContain('0 added, 0 changed, 0 destroyed')
    expect(world.writes()).toEqual([])
    expect(world.attributes('mailconfig_smtp_user.new')).toEqual(before)
    expect(world.stateText()).toContain(HERE)
    expect(world.stateText()).not.toContain(MIRROR)
    expect((await world.run(['plan', '-detailed-exitcode'], own(world))).code).toBe(0)
  })

  it('with replace-provider too, where the name of the resource stays', async () => {
    const world = await twoSources()
    await use(world, MIRROR, user('same'))
    expect((await world.run(['apply', '-auto-approve'], own(world))).stderr).toBe('')
    world.clear()
    expect((await world.run(['state', 'replace-provider', '-auto-approve', MIRROR, HERE], own(world))).stderr).toBe('')
    await use(world, HERE, user('same'))
    expect((await world.run(['plan', '-detailed-exitcode'], own(world))).code).toBe(0)
    expect(world.writes()).toEqual([])
  })

  it('and from no other type: what to do instead is said, and works', async () => {
    const world = await twoSources()
    await use(world, HERE, user('a'))
    expect((await world.run(['apply', '-auto-approve'], own(world))).stderr).toBe('')
    world.clear()
    const sender = 'resource "mailconfig_single_sender" "b" {\n  email = "a@example.com"\n}\n'
    const moved = 'moved {\n  from = mailconfig_smtp_user.a\n  to   = mailconfig_single_sender.b\n}\n'
    await use(world, HERE, sender, moved)
    const refused = await world.run(['plan'], own(world))
    expect(refused.code).toBe(1)
    const said = squeezed(refused.stderr)
    expect(said).toContain('This state cannot be moved')
    expect(said).toContain('A mailconfig_smtp_user is no mailconfig_single_sender.')
    expect(said).toContain('a removed block')
    expect(said).not.toContain('Str0ng')

    const instead = 'removed {\n  from = mailconfig_smtp_user.a\n  lifecycle {\n    destroy = false\n  }\n}\n'
    const imported = 'import {\n  to = mailconfig_smtp_user.b\n  id = "billing-app"\n}\n'
    await use(world, HERE, user('b'), instead + imported)
    const done = await world.run(['plan'], own(world))
    expect(done.stderr).not.toContain('Error')
    expect(squeezed(done.stdout)).toContain('1 to import, 0 to add')
    expect(world.writes()).toEqual([])
    expect(readFileSync(join(world.folder, 'main.tf'), 'utf8')).toContain('removed')
  })
})
