import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin'

/** Leaves out `true` in a table of option names, because only its keys are read and its type rejects `false`. */
const optionNamesIgnorer = {
  shouldIgnore(path) {
    if (!path.isBooleanLiteral()) return undefined
    const table = path.findParent((parent) => parent.isVariableDeclarator())
    const type = table?.node.id.typeAnnotation?.typeAnnotation?.typeName?.name
    return type === 'OptionNames' ? 'The type of an option table rejects false.' : undefined
  },
}

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, 'option-names', optionNamesIgnorer)]
