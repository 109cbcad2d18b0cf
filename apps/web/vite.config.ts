/** The app as files that a strict Content-Security-Policy serves: nothing inline, names by content. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  publicDir: 'static',
  logLevel: 'warn',
  build: {
    target: 'baseline-widely-available',
    // With light-dark() as it is: lowered, it would need the color scheme in this CSS, and Mantine sets it by
    // an attribute.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // Everything is a file of ours: a data: URL would need a wider policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      // "use client" is for frameworks that render on a server.
      checks: { moduleLevelDirective: false },
    },
  },
})
