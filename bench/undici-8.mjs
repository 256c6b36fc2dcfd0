// `--import` of Node 24: what imports undici there, everbearer too, gets undici 8.
import { registerHooks } from 'node:module'

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'undici' ? next('undici-8', { ...context, parentURL: import.meta.url }) : next(specifier, context),
})
