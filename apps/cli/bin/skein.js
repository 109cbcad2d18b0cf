#!/usr/bin/env node
// The command's door, in plain JavaScript: a Node that is too old cannot even read the TypeScript of src/main.ts, and
// would fail with "Unknown file extension". Such a Node starts the pinned one of node_modules instead.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const NEEDED = 24
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const pinned = fileURLToPath(new URL('../../../node_modules/node/bin/node', import.meta.url))

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  await import('../src/main.ts')
} else if (existsSync(pinned)) {
  const { status, signal } = spawnSync(pinned, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
  if (signal !== null) process.kill(process.pid, signal)
  process.exit(status ?? 1)
} else {
  console.error(
    `skein needs Node ${NEEDED} or newer; this is ${process.version}. Run "npm ci" first: it installs one.`,
  )
  process.exit(1)
}
