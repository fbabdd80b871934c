import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { isObject, type JsonObject, parseJson } from '../input/json.ts'

/** Keeps state in a file. */
export interface Keeper {
  /** Says that something changed; the file is written soon. */
  changed(): void
  /** Writes the file if something changed. */
  flush(): void
}

/** Reads a kept state; `undefined` when there is no file yet. */
export function readKept(file: string | undefined): JsonObject | undefined {
  if (file === undefined || !existsSync(file)) return undefined
  const state = parseJson(readFileSync(file, 'utf8'))
  if (isObject(state)) return state
  throw new Error(`${file} is not the state of an emulator: it holds no JSON object`)
}

/** Writes state into a file of its owner, whole or not at all, at most ten times a second. */
export function createKeeper(file: string | undefined, state: () => unknown): Keeper {
  let timer: NodeJS.Timeout | undefined
  let dirty = false
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (file === undefined || !dirty) return
    write(file, `${JSON.stringify(state(), undefined, 2)}\n`)
    dirty = false
  }
  return {
    flush,
    changed: () => {
      dirty = true
      if (file !== undefined) timer ??= setTimeout(quietly(flush), 100).unref()
    },
  }
}

/** A write that fails between calls is tried again at the end, where somebody can be told. */
function quietly(flush: () => void): () => void {
  return () => {
    try {
      flush()
    } catch {
      return
    }
  }
}

function write(file: string, content: string): void {
  const draft = `${file}.${process.pid}.tmp`
  try {
    writeFileSync(draft, content, { mode: 0o600 })
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}
