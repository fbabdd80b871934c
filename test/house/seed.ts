import fc from 'fast-check'

/**
 * `npm test` draws the same cases each time, so that nobody's change is stopped by a case that it did not bring. Where
 * `MAILCONFIG_RUNS` is set, as `npm run test:long` does, the cases are new ones.
 */
const { MAILCONFIG_RUNS: runs, MAILCONFIG_SEED: seed = '20261120' } = process.env
if (runs === undefined) fc.configureGlobal({ seed: Number(seed) })
