import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Emulator, type EmulatorOptions, startEmulator } from '../../../src/apis/emulator.ts'
import { apis, kinds } from '../../../src/apis/index.ts'
import { type Sender, sender } from '../../../src/apis/sender.ts'
import { delivery } from '../../../src/cli/delivery/destination.ts'
import { specSchema } from '../../../src/derive/schema/spec.ts'
import { compileValidator } from '../../../src/derive/schema/validator.ts'
import { reportJson } from '../../../src/engine/apply/document.ts'
import type { ExportDetail } from '../../../src/engine/export/entry.ts'
import { exportSpec } from '../../../src/engine/export/export.ts'
import { load } from '../../../src/engine/load.ts'
import { planJson } from '../../../src/engine/plan/document.ts'
import type { Plan, Planned } from '../../../src/engine/plan/plan.ts'
import { read } from '../../../src/engine/read/read.ts'
import { everything } from '../../../src/engine/read/wanted.ts'
import { carryOut, prepare } from '../../../src/engine/reconcile.ts'
import type { Loaded, Spec } from '../../../src/model/desired/spec.ts'
import type { Result } from '../../../src/model/run/result.ts'
import { Secret } from '../../../src/model/secret.ts'

const validate = compileValidator(specSchema(kinds))

/** The values that secrets of the examples refer to; each has something that a careless mask would trip over. */
export const CANARIES: Readonly<Record<string, string>> = {
  BILLING_PASSWORD: 'Canary-b1lling$&.*(42)',
  RELAY_PASSWORD: 'Canary-re1ay[^"]\\d+{x}',
  HOOK_TOKEN: 'Canary-h00k|?+"\'<x>',
}

/** An emulator with a seed, a folder for specs, and the engine in between; everything real but the account. */
export interface World {
  readonly emulator: Emulator
  readonly folder: string
  readonly send: Sender['send']
  /** Loads a document of these sections, and other documents as texts beside it. */
  readonly load: (sections: Readonly<Record<string, unknown>>, ...beside: readonly string[]) => Promise<Loaded>
  readonly plan: (sections: Readonly<Record<string, unknown>>, accept?: readonly string[]) => Promise<Planned>
  readonly apply: (sections: Readonly<Record<string, unknown>>) => Promise<readonly Result[]>
  readonly exported: (detail?: ExportDetail) => Promise<string>
  readonly planText: (text: string, accept?: readonly string[]) => Promise<Planned>
  /** Carries a plan out as it is. */
  readonly carry: (plan: Plan) => Promise<readonly Result[]>
  /** Everything that was printed or rendered so far. */
  readonly outputs: () => string
  readonly close: () => Promise<void>
}

/** Opens a world; `seed` is the emulator's state to start from. */
export async function openWorld(options: EmulatorOptions = {}): Promise<World> {
  const emulator = await startEmulator(options)
  const folder = mkdtempSync(join(tmpdir(), 'mailconfig-'))
  const printed: string[] = []
  const wire = sender(
    [
      { name: 'main', api: 'smtp2go', url: emulator.smtp2go, credential: new Secret(emulator.apiKey) },
      { name: 'office', api: 'backoffice', url: emulator.backoffice, credential: new Secret(emulator.token) },
    ],
    { limits: { perSecond: 100_000 } },
  )
  const run = { kinds, send: wire.send }
  const accounts = {
    main: { api: 'smtp2go', url: emulator.smtp2go, apiKey: '${env:KEY}' },
    office: { api: 'backoffice', url: emulator.backoffice, token: '${env:TOKEN}' },
  }
  const file = join(folder, 'mailconfig.yaml')
  const loadText = async (text: string) => {
    writeFileSync(file, text)
    return await load({
      paths: [file],
      cwd: folder,
      kinds,
      validate,
      env: {
        ...CANARIES,
        KEY: emulator.apiKey,
        TOKEN: emulator.token,
        SMTP2GO_API_KEY: emulator.apiKey,
        BACKOFFICE_TOKEN: emulator.token,
      },
      apis,
    })
  }
  const loadSections = (sections: Readonly<Record<string, unknown>>, ...beside: readonly string[]) =>
    loadText([JSON.stringify({ version: 1, accounts, ...sections }, null, 2), ...beside].join('\n---\n'))
  const planSpec = async (loaded: Loaded, accept: readonly string[] = []): Promise<Planned> => {
    if (!loaded.ok) throw new Error(`the spec is broken: ${JSON.stringify(loaded.problems, null, 2)}`)
    const planned = await prepare(loaded.spec, run, {
      accept,
      runnerAddresses: ['127.0.0.1'],
      usesCredential: () => false,
    })
    if (planned.ok)
      printed.push(
        JSON.stringify(planJson(planned.plan, { version: 'test', locate: await loaded.locate(), all: true })),
      )
    printed.push(JSON.stringify(planned.ok ? [] : [planned.problems, planned.unread]))
    return planned
  }
  const io = { cwd: folder, exec: () => '' }
  const carry = async (plan: Plan): Promise<readonly Result[]> => {
    const results = await carryOut(plan, {
      ...run,
      delivery: delivery(io),
      parallelism: 4,
      sleep: async () => undefined,
    })
    printed.push(JSON.stringify(reportJson(results)))
    return results
  }
  const plan = async (sections: Readonly<Record<string, unknown>>, accept?: readonly string[]) =>
    await planSpec(await loadSections(sections), accept)
  return {
    emulator,
    folder,
    send: wire.send,
    load: loadSections,
    plan,
    apply: async (sections) => {
      const tokens = planOf(await plan(sections)).gates.flatMap((gate) => gate.token ?? [])
      return await carry(planOf(await plan(sections, tokens)))
    },
    exported: async (detail) => {
      const loaded = await loadSections({})
      const list = [...specOf(loaded).accounts.values()]
      const scopes = list.map(({ name }) => ({ account: name, subaccount: null }))
      const wanted = list.flatMap(({ api }, at) =>
        everything(
          scopes.slice(at, at + 1),
          kinds.filter((kind) => kind.api.name === api),
        ),
      )
      const { text } = exportSpec(list, scopes, await read(wanted, run), kinds, detail)
      printed.push(text)
      return text
    },
    planText: async (text, accept) => await planSpec(await loadText(text), accept),
    carry,
    outputs: () => printed.join('\n'),
    close: async () => {
      await wire.close()
      await emulator.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The plan, or a failed test that says why there is none. */
export function planOf(planned: Planned): Plan {
  if (planned.ok) return planned.plan
  throw new Error(
    `no plan: ${JSON.stringify([planned.problems, planned.unread.map(({ error }) => error.message)], null, 2)}`,
  )
}

/** The spec, or a failed test that says why there is none. */
export function specOf(loaded: Loaded): Spec {
  if (loaded.ok) return loaded.spec
  throw new Error(`no spec: ${JSON.stringify(loaded.problems, null, 2)}`)
}

/** The changes of a plan that do something. */
export function realChanges(planned: Planned) {
  return planOf(planned).changes.filter((change) => change.action !== 'noop')
}

/** A file of a world's folder. */
export function fileOf(world: World, name: string): string {
  return readFileSync(join(world.folder, name), 'utf8')
}
