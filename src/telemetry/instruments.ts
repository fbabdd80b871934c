import type { MeterProvider } from '@opentelemetry/sdk-metrics'
import type { WatchedCall, WatchedChange, WatchedOutcome } from './watch.ts'

/** What is counted and measured in a run. */
interface Instruments {
  readonly call: (call: WatchedCall, route: string) => void
  readonly change: (change: WatchedChange & WatchedOutcome) => void
  readonly drift: (account: string, objects: number) => void
  readonly run: (about: { readonly command: string; readonly exitCode: number; readonly ms: number }) => void
}

/** Makes the instruments of a run; see docs/guides/observability.md for their meaning. */
export function instruments(provider: MeterProvider, version: string): Instruments {
  const meter = provider.getMeter('mailconfig', version)
  const changes = meter.createCounter('mailconfig.changes', { unit: '{change}', description: 'Changes by outcome' })
  const calls = meter.createCounter('mailconfig.calls', { unit: '{call}', description: 'Tries of calls to the APIs' })
  const retries = meter.createCounter('mailconfig.call.retries', {
    unit: '{call}',
    description: 'Tries after the first',
  })
  const duration = meter.createHistogram('mailconfig.call.duration', {
    unit: 's',
    description: 'How long a try of a call took',
    advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] },
  })
  const drift = meter.createGauge('mailconfig.drift.objects', {
    unit: '{object}',
    description: 'Objects changed outside',
  })
  const runs = meter.createCounter('mailconfig.runs', { unit: '{run}', description: 'Runs of a command' })
  const runDuration = meter.createHistogram('mailconfig.run.duration', {
    unit: 's',
    description: 'How long a run took',
    advice: { explicitBucketBoundaries: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900] },
  })
  return {
    call({ account, method, attempt, ms, status, failure }, route) {
      const result = status ?? failure ?? 'none'
      const about = { account, 'http.request.method': method, 'url.template': route, result: String(result) }
      calls.add(1, about)
      duration.record(ms / 1000, about)
      if (attempt > 1) retries.add(1, { account, 'http.request.method': method, 'url.template': route })
    },
    change({ account, kind, action, outcome }) {
      changes.add(1, { account, kind, action, outcome })
    },
    drift(account, objects) {
      drift.record(objects, { account })
    },
    run({ command, exitCode, ms }) {
      const about = { command, 'process.exit.code': exitCode }
      runs.add(1, about)
      runDuration.record(ms / 1000, about)
    },
  }
}
