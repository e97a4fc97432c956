import { globSync, rmSync, statSync } from 'node:fs'
import { build, type Plugin } from 'esbuild'

const outputFolder = 'dist/functions'

/** Every Lambda function: a file in a folder for each trigger. */
const entries = globSync('functions/*/*.ts')
  .map((path) => path.replace(/^functions\//, '').replace(/\.ts$/, ''))
  .sort()

/**
 * Loads `http` and `https` by `require`: importing either binds all its export names, which costs a cold start about
 * 30 ms on Node 24.
 */
const requireBuiltins: Plugin = {
  name: 'require-builtins',
  setup(bundler) {
    bundler.onResolve({ filter: /^(node:)?https?$/ }, ({ kind, path }) =>
      kind === 'import-statement' ? { path, namespace: 'required' } : undefined,
    )
    bundler.onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)})`,
      loader: 'js',
    }))
  },
}

rmSync(outputFolder, { recursive: true, force: true })

// All that a function uses is in its bundle, the SDK too: its version is then the one that was tested.
await build({
  entryPoints: Object.fromEntries(entries.map((entry) => [`${entry}/index`, `functions/${entry}.ts`])),
  outdir: outputFolder,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  minify: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  mainFields: ['module', 'main'],
  plugins: [requireBuiltins],
  // Dependencies in CommonJS call `require`, which a module does not have by itself.
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
})

for (const entry of entries) {
  const kilobytes = Math.ceil(statSync(`${outputFolder}/${entry}/index.mjs`).size / 1024)
  console.log(`${entry.padEnd(32)}${String(kilobytes).padStart(6)} KB`)
}
