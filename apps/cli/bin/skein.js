#!/usr/bin/env node
// Entry point of the command, in plain JavaScript: a Node older than 24 cannot read the TypeScript of
// src/main.ts and fails with "Unknown file extension". Such a Node starts the pinned one of node_modules.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const MIN_NODE_MAJOR = 24
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const pinned = fileURLToPath(new URL('../../../node_modules/node/bin/node', import.meta.url))

if (Number(process.versions.node.split('.')[0]) >= MIN_NODE_MAJOR) {
  await import('../src/main.ts')
} else if (existsSync(pinned)) {
  const { status, signal } = spawnSync(pinned, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
  if (signal !== null) process.kill(process.pid, signal)
  process.exit(status ?? 1)
} else {
  console.error(
    `skein needs Node ${MIN_NODE_MAJOR} or newer; this is ${process.version}. Run "npm ci": it installs one.`,
  )
  process.exit(1)
}
