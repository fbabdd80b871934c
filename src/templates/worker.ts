import { parentPort, workerData } from 'node:worker_threads'
import Handlebars from 'handlebars'
import type { RenderAnswer, RenderRequest } from './render.ts'

// Runs in a thread of its own; `render.ts` bounds its memory and its time.

function answer({ bodies, values }: RenderRequest): RenderAnswer {
  const engine = Handlebars.create()
  try {
    const texts = bodies.map(({ text, isHtml }) => {
      const run = engine.compile(text, { noEscape: !isHtml })
      return run(values, { allowProtoMethodsByDefault: false, allowProtoPropertiesByDefault: false })
    })
    return { texts }
  } catch (error) {
    return { error: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) }
  }
}

parentPort?.postMessage(answer(workerData))
