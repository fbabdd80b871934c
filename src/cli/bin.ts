#!/usr/bin/env node
import { tooOld } from './invocation/node-version.ts'
import { VERSION } from './invocation/version.ts'

// The version is asked for by scripts and by people who wait: nothing else is loaded for it.
const [first] = process.argv.slice(2)
const old = tooOld(process.versions.node)
if (old !== undefined) {
  process.stderr.write(`error: ${old}\n`)
  process.exitCode = 1
} else if (process.argv.length === 3 && (first === '--version' || first === '-V')) {
  process.stdout.write(`${VERSION}\n`)
} else {
  const { run } = await import('./process.ts')
  await run()
}
