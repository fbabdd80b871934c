import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { Invalid } from '../input/fields.ts'
import { isObject, type Json, parseJson } from '../input/json.ts'
import { checkSettings } from '../world/settings.ts'
import {
  addFaults,
  type Core,
  changeSettings,
  clearFaults,
  noteChange,
  readState,
  resetCore,
  surroundings,
  writeState,
} from './core.ts'
import type { ErrandRunner } from './errands.ts'
import { readFaults } from './faults.ts'

type Http = Context<{ Bindings: HttpBindings }>

/** The way in for tests: `/__emulator/`. */
export function control(core: Core, errands: ErrandRunner): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.get('/health', (c) => c.json({ status: 'ok' }))
  app.post('/reset', (c) => {
    resetCore(core)
    return c.body(null, 204)
  })
  app.get('/requests', (c) => c.json(core.log))
  app.delete('/requests', (c) => {
    core.log.length = 0
    return c.body(null, 204)
  })
  app.post('/faults', (c) => change(c, (body) => addFaults(core, readFaults(body))))
  app.delete('/faults', (c) => {
    clearFaults(core)
    return c.body(null, 204)
  })
  app.get('/state', (c) => c.body(JSON.stringify(readState(core)), 200, { 'content-type': 'application/json' }))
  app.put('/state', (c) => change(c, (body) => writeState(core, body)))
  app.get('/settings', (c) => c.json(core.settings))
  app.post('/settings', (c) =>
    change(c, (body) => {
      if (!isObject(body)) throw new Invalid('settings', 'the settings have to be an object')
      changeSettings(core, checkSettings(core.definitions, body))
    }),
  )
  app.get('/clock', (c) => c.json({ now: core.now().toISOString() }))
  app.post('/clock', async (c) => {
    const body = parseJson(await c.req.text())
    try {
      await errands.advance(durationOf(isObject(body) ? body['advance'] : undefined))
    } catch (error) {
      return refused(c, error)
    }
    return c.json({ now: core.now().toISOString() })
  })
  for (const [method = '', path = ''] of controlNames(core).map((name) => name.split(' '))) {
    app.on(method, path, async (c) => {
      try {
        const answer = runControl(core, `${method} ${path}`, parseJson(await c.req.text()))
        return answer === undefined
          ? c.body(null, 204)
          : c.body(JSON.stringify(answer), 200, { 'content-type': 'application/json' })
      } catch (error) {
        return refused(c, error)
      }
    })
  }
  return app
}

function controlNames({ world }: Core): string[] {
  return [...world.values()].flatMap(({ controls }) => Object.keys(controls))
}

/** Runs a control of a service: `GET /webhooks`. */
export function runControl(core: Core, name: string, body?: Json): unknown {
  const run = [...core.world.values()].map(({ controls }) => controls[name]).find((one) => one !== undefined)
  if (run === undefined) throw new Error(`there is no "${name}"; there are: ${controlNames(core).join(', ')}`)
  const answer = run(surroundings(core), body)
  if (!name.startsWith('GET ')) noteChange(core)
  return answer
}

const UNIT_MS: Readonly<Record<string, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
}

/** Milliseconds of `8 days` or `90 minutes`; throws `Invalid` for any other text. */
export function durationOf(value: Json | undefined): number {
  const [, count, unit = ''] = /^(\d{1,6}) (second|minute|hour|day|week)s?$/.exec(String(value)) ?? []
  const size = UNIT_MS[unit]
  if (count !== undefined && size !== undefined) return Number(count) * size
  throw new Invalid(
    'advance',
    `'advance' has to be a time such as "8 days" or "90 minutes", not ${JSON.stringify(value)}`,
  )
}

async function change(c: Http, apply: (body: Json | undefined) => void): Promise<Response> {
  try {
    apply(parseJson(await c.req.text()))
    return c.body(null, 204)
  } catch (error) {
    return refused(c, error)
  }
}

function refused(c: Http, error: unknown): Response {
  if (error instanceof Invalid) return c.json({ error: error.message, field: error.field }, 400)
  throw error
}
