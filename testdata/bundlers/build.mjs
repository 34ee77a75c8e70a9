// Builds the application in the folder named by the first argument with each bundler,
// for browsers and for Node.js, into its folder out.
import resolve from '@rollup/plugin-node-resolve';
import { build as esbuild } from 'esbuild';
import { copyFileSync } from 'node:fs';
import { rollup } from 'rollup';
import { build as vite } from 'vite';
import webpack from 'webpack';

const root = process.argv[2];
process.chdir(root);

const bundlers = {
  vite: (host, out) => vite({
    root, configFile: false, logLevel: 'warn', base: './',
    build: { outDir: out, ...(host === 'node' ? { ssr: 'app.mjs' } : { rolldownOptions: { input: 'index.html' } }) },
    ssr: { noExternal: true }, // otherwise the package is not part of the bundle
  }),
  webpack: (host, out) => new Promise((built, failed) => webpack({
    mode: 'production', context: root, entry: './app.mjs', target: host === 'node' ? 'node20' : 'web', performance: { hints: false },
    experiments: { outputModule: true }, output: { path: `${root}/${out}`, filename: 'app.js', module: true },
  }, (fault, stats) => {
    if (!fault && !stats.hasErrors() && !stats.hasWarnings()) return built();
    failed(fault ?? new Error(stats.toString()));
  })),
  async esbuild(host, out) {
    const options = { absWorkingDir: root, entryPoints: ['./app.mjs'], bundle: true, logLevel: 'warning', logLimit: 0, platform: host, target: 'es2022' };
    await esbuild({ ...options, format: 'esm', outfile: `${out}/app.js` });
    if (host === 'node') await esbuild({ ...options, entryPoints: ['./bytes.mjs'], format: 'cjs', outfile: `${out}/bytes.cjs`, logOverride: { 'empty-import-meta': 'silent' } });
  },
  async rollup(host, out) {
    const bundle = await rollup({ input: 'app.mjs', plugins: [resolve()], onLog: (level, { message }) => { throw new Error(message); } });
    await bundle.write({ file: `${out}/app.js`, format: 'es' });
  },
};
// These leave the address of ivp.wasm as it is: beside the bundle.
const copied = ['vite/node', 'esbuild/browser', 'esbuild/node', 'rollup/browser', 'rollup/node'];

for (const [name, build] of Object.entries(bundlers)) {
  for (const host of ['browser', 'node']) {
    const out = `out/${name}-${host}`;
    await build(host, out);
    if (copied.includes(`${name}/${host}`)) copyFileSync('node_modules/@mp196/ivp/ivp.wasm', `${out}/ivp.wasm`);
  }
}
