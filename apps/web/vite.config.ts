/** Builds the app for a strict Content-Security-Policy: nothing inline, content hashes in names. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  publicDir: 'static',
  logLevel: 'warn',
  // Otherwise Vite follows NODE_ENV of the process, and tests would build React's development form.
  define: { 'process.env.NODE_ENV': '"production"' },
  oxc: { jsx: { development: false } },
  build: {
    target: 'baseline-widely-available',
    // Keeps light-dark(): its lowered form needs the color scheme in this CSS, and Mantine sets it by an
    // attribute.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // Every asset is a file, since a data: URL would need a wider policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      // "use client" applies to server rendering only.
      checks: { moduleLevelDirective: false },
    },
  },
})
