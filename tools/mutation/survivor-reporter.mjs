import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin'

import { mutantOf } from './mutant.mjs'

/** Names each survivor when it is found, long before the run ends. */
class SurvivorReporter {
  onMutantTested(result) {
    const { file, lineNumber, original, mutated, survived } = mutantOf(result)
    if (survived) console.log(`survived: ${file}:${lineNumber}  ${original}  ->  ${mutated}`)
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.Reporter, 'survivors', SurvivorReporter)]
