// Runs the demo and the tests with other versions of Node, taken from the "node" package: node scripts/test-nodes.mjs 22 24
import { spawnSync } from 'node:child_process'
import { delimiter, dirname } from 'node:path'

const wanted = process.argv.slice(2)
const results = []
for (const version of wanted.length > 0 ? wanted : ['22', '24']) {
  const found = spawnSync('npx', ['-y', '-p', `node@${version}`, 'node', '-p', 'process.execPath'], {
    encoding: 'utf8',
  })
  const node = found.stdout.trim()
  if (found.status !== 0 || node === '') {
    results.push({ version, failed: ['could not be installed'] })
    continue
  }
  const env = { ...process.env, PATH: dirname(node) + delimiter + process.env.PATH }
  const run = (...args) => spawnSync(node, args, { env, stdio: 'inherit' }).status === 0
  process.stdout.write(`\n=== Node ${version}: ${node}\n`)
  const steps = { demo: ['scripts/demo.mjs'], tests: ['node_modules/vitest/vitest.mjs', 'run'] }
  results.push({ version, failed: Object.keys(steps).filter((name) => !run(...steps[name])) })
}
for (const { version, failed } of results)
  process.stdout.write(`Node ${version}: ${failed.length === 0 ? 'passed' : `failed: ${failed.join(', ')}`}\n`)
process.exitCode = results.every(({ failed }) => failed.length === 0) ? 0 : 1
