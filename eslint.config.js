import eslint from '@eslint/js'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

const TIME_AND_CHANCE =
  'Time and chance come from a Clock (src/base/clock.ts), so that tests and simulations decide both.'

/** Everything that reads a clock, waits, or throws dice behind the back of a {@link Clock}. */
const timeAndChance = {
  'no-restricted-globals': [
    'error',
    ...['setTimeout', 'setInterval', 'performance'].map((name) => ({ name, message: TIME_AND_CHANCE })),
  ],
  'no-restricted-properties': [
    'error',
    ...[
      ['Date', 'now'],
      ['Math', 'random'],
      ['AbortSignal', 'timeout'],
      ...['setTimeout', 'setInterval', 'performance'].map((name) => ['globalThis', name]),
    ].map(([object, property]) => ({ object, property, message: TIME_AND_CHANCE })),
  ],
  'no-restricted-imports': [
    'error',
    ...['node:timers', 'node:timers/promises', 'node:perf_hooks'].map((name) => ({ name, message: TIME_AND_CHANCE })),
  ],
}

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration, ExportSpecifier[exported.name="default"]',
  message: 'A named export keeps one name everywhere.',
}

const noArgumentlessDate = {
  selector: 'NewExpression[callee.name="Date"][arguments.length=0], CallExpression[callee.name="Date"]',
  message: TIME_AND_CHANCE,
}

export default defineConfig(
  // The types of bench need the packages that it alone installs: `npx tsc -p bench`.
  globalIgnores(['dist/', 'coverage/', 'tools/next/lane/', 'bench/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // tsc reports these, with better messages.
      'no-undef': 'off',
      '@typescript-eslint/no-unused-vars': 'off',

      // `import { type A } from 'x'` still loads x when tsc keeps imports verbatim; `import type` does not.
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],

      // Callers in plain JavaScript pass what the types forbid: options are checked, and shown, all the same.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unnecessary-type-conversion': 'off',
      // An optional peer's types may be absent where ours are read.
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-ignore': 'allow-with-description' }],
      // An object of headers is a dictionary.
      '@typescript-eslint/no-dynamic-delete': 'off',
      // Matters of taste, where both ways read well: `return done()`, `${count} rows`, `x as T` for `x!`, `!x || !x.y`.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      '@typescript-eslint/prefer-optional-chain': 'off',
      // State is in #private fields: a method that was torn off fails at once, and options hold functions.
      '@typescript-eslint/unbound-method': 'off',
      // A type alias and an interface each have their place; an index signature names its key, a Record does not.
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      // An async method without await keeps an interface's promise (and turns a throw into a rejection).
      '@typescript-eslint/require-await': 'off',
      // tsc's noPropertyAccessFromIndexSignature asks for the brackets that this rule would take away.
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      // `_` marks what a signature demands and the body does not need; a private no-op is a decision, not a slip.
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      ...timeAndChance,
      'no-console': 'error',
      'no-restricted-syntax': ['error', noDefaultExport, noArgumentlessDate],
    },
  },
  {
    // The one place that may touch the machine's clock.
    files: ['src/base/clock.ts'],
    rules: { 'no-restricted-globals': 'off', 'no-restricted-properties': 'off' },
  },
  {
    // The fake clock lets real I/O have its turn between two moments: node:timers is where a test's fakes do not reach.
    files: ['src/testing/fake-clock.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    // Programs for a person at a terminal: real time is what they show, and the console is where.
    files: ['src/cli/**/*.ts', 'src/testing/serve*.ts'],
    rules: {
      'no-restricted-globals': 'off',
      'no-restricted-properties': 'off',
      'no-restricted-imports': 'off',
      'no-console': 'off',
      'no-restricted-syntax': ['error', noDefaultExport],
    },
  },
  {
    files: ['tests/**/*.ts'],
    rules: {
      // Tests hand in what the types forbid, and look at what a foreign answer holds.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
    },
  },
  {
    // Plain JavaScript runs in Node as it stands: configuration, tools, and what tests hand to child processes.
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        ['console', 'process', 'URL', 'Buffer', 'fetch', 'setTimeout', 'clearTimeout'].map((name) => [
          name,
          'readonly',
        ]),
      ),
    },
  },
)
