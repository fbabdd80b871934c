// Writes api/: what a program can import, as it is typed; a type in a signature that nobody can import ends with exit code 1.
// With --check, which may name another folder of reports, nothing is written, and any difference ends with exit code 1, too.
// It reads dist/types, so build first.
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor'

const ENTRIES = { mailconfig: 'dist/types/index.d.ts', 'mailconfig-emulator': 'dist/types/apis/emulator.d.ts' }
const SILENT = { logLevel: 'none' }

const check = process.argv.includes('--check')
const root = resolve(import.meta.dirname, '..')
const given = process.argv[process.argv.indexOf('--check') + 1]
const reports = check && given !== undefined ? resolve(given) : join(root, 'api')
mkdirSync(reports, { recursive: true })
let wrong = 0
for (const [name, entry] of Object.entries(ENTRIES)) {
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(root, 'package.json'),
    packageJson: { name, version: '0.0.0' },
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(root, entry),
      compiler: { tsconfigFilePath: join(root, 'tsconfig.types.json') },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: reports,
        reportTempFolder: join(root, 'node_modules/.cache/api-report'),
        includeForgottenExports: false,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: SILENT },
        tsdocMessageReporting: { default: SILENT },
        extractorMessageReporting: {
          default: SILENT,
          'ae-forgotten-export': { logLevel: 'warning', addToApiReportFile: false },
        },
      },
    },
  })
  const result = Extractor.invoke(config, {
    localBuild: !check,
    messageCallback: (message) => {
      message.handled = true
      if (message.messageId === 'ae-forgotten-export') {
        wrong += 1
        process.stdout.write(`${name}: ${message.text}\n`)
      } else if (message.logLevel === 'error') process.stdout.write(`${message.text}\n`)
    },
  })
  if (check && result.apiReportChanged) {
    wrong += 1
    process.stdout.write(`api/${name}.api.md is not what the sources say: npm run build && npm run api-report\n`)
  }
}
process.exitCode = wrong === 0 ? 0 : 1
