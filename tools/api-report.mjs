// `npm run api`: writes the public API of each entry to tests/packaging/api, or into another folder. `npm test` compares the
// two, so that no change of the API goes unseen.
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor'

const root = join(import.meta.dirname, '..')
const manifestPath = join(root, 'package.json')

/** The name of each entry's report, and its declarations. */
function entries() {
  const { exports } = JSON.parse(readFileSync(manifestPath, 'utf8'))
  return Object.entries(exports)
    .filter(([, { types }]) => types !== undefined)
    .map(([path, { types }]) => ({ name: path === '.' ? 'everbearer' : path.slice(2), types: join(root, types) }))
}

/** Writes the reports of all entries into a folder, with one compiler. Returns what the extractor warns of. */
function writeReports(reportFolder) {
  mkdirSync(reportFolder, { recursive: true })
  const configs = entries().map(({ name, types }) => configOf(name, types, reportFolder))
  const compilerState = CompilerState.create(configs[0], { additionalEntryPoints: entries().map(({ types }) => types) })
  const warnings = []
  for (const config of configs) {
    Extractor.invoke(config, {
      compilerState,
      localBuild: true,
      messageCallback(message) {
        message.handled = true
        // That a report was written is no warning.
        const isOfReport = message.messageId.startsWith('console-api-report')
        if (!isOfReport && ['error', 'warning'].includes(message.logLevel)) {
          warnings.push(message.formatMessageWithLocation(root))
        }
      },
    })
  }
  return warnings
}

function configOf(name, mainEntryPointFilePath, reportFolder) {
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: manifestPath,
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath,
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            module: 'nodenext',
            target: 'es2023',
            lib: ['es2023', 'dom', 'esnext.disposable'],
            types: ['node'],
            skipLibCheck: true,
          },
          include: [join(root, 'dist')],
        },
      },
      apiReport: {
        enabled: true,
        reportFolder,
        reportTempFolder: join(root, 'node_modules/.api-report'),
        reportFileName: `${name}.api.md`,
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        extractorMessageReporting: { default: { logLevel: 'none' } },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
        compilerMessageReporting: { default: { logLevel: 'warning' } },
      },
    },
  })
}

const warnings = writeReports(process.argv[2] ?? join(root, 'tests/packaging/api'))
for (const warning of warnings) console.error(warning)
if (warnings.length > 0) process.exitCode = 1
