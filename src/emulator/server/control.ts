import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { Invalid } from '../input/fields.ts'
import { isObject, type Json, parseJson } from '../input/json.ts'
import { checkSettings } from '../world/settings.ts'
import { addFaults, type Core, changeSettings, clearFaults, readState, resetCore, writeState } from './core.ts'
import { readFaults } from './faults.ts'

type Http = Context<{ Bindings: HttpBindings }>

/** The way in for tests: `/__emulator/`. */
export function control(core: Core): Hono<{ Bindings: HttpBindings }> {
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
  return app
}

async function change(c: Http, apply: (body: Json | undefined) => void): Promise<Response> {
  try {
    apply(parseJson(await c.req.text()))
    return c.body(null, 204)
  } catch (error) {
    if (error instanceof Invalid) return c.json({ error: error.message, field: error.field }, 400)
    throw error
  }
}
