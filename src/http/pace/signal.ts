const listeners = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Runs `run` when the signal aborts, and answers the function that calls it off. A signal gets one listener however
 * many calls wait on it: Node warns of a leak from the eleventh on.
 */
export function onAbort(signal: AbortSignal | undefined, run: () => void): () => void {
  if (signal === undefined) return () => undefined
  const known = listeners.get(signal)
  const waiting = known ?? new Set<() => void>()
  if (known === undefined) {
    listeners.set(signal, waiting)
    signal.addEventListener('abort', () => [...waiting].forEach((each) => void each()), { once: true })
  }
  waiting.add(run)
  return () => void waiting.delete(run)
}
