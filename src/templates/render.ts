import { Worker } from 'node:worker_threads'

/** Texts to fill in, and the values for all of them. */
export interface RenderRequest {
  readonly bodies: readonly {
    readonly text: string
    /** Values are escaped. */
    readonly isHtml: boolean
  }[]
  readonly values: Readonly<Record<string, unknown>>
}

/** The texts in their order, or why there are none. */
export type RenderAnswer = { readonly texts: readonly string[] } | { readonly error: string }

/** How long a template may take, in milliseconds, and how much memory it may use, in MiB. */
const MOST_MS = 5000
const MOST_MIB = 64

/**
 * Fills templates in by Handlebars, the engine of the service, in a thread of its own: a template sees its values alone (own properties), and
 * one that takes too long or too much is stopped. `worker`: the file of the built thread.
 */
export async function renderTemplates(worker: string, request: RenderRequest): Promise<RenderAnswer> {
  const thread = new Worker(worker, {
    workerData: request,
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: MOST_MIB, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
    stdin: false,
    stdout: true,
    stderr: true,
  })
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise((done) => {
      timer = setTimeout(() => done({ error: `it takes longer than ${MOST_MS / 1000} seconds` }), MOST_MS)
      thread.once('message', (answer: RenderAnswer) => done(answer))
      thread.once('error', (error: NodeJS.ErrnoException) =>
        done({
          error: error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? `it needs more than ${MOST_MIB} MiB` : error.message,
        }),
      )
    })
  } finally {
    clearTimeout(timer)
    await thread.terminate()
  }
}
