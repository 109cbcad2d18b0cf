import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  type ClusterState,
  findCluster,
  removeState,
  runningClusters,
  stateFile,
  stateFolder,
  writeState,
} from './state.ts'

let env: { XDG_STATE_HOME: string }
beforeEach(() => {
  env = { XDG_STATE_HOME: mkdtempSync(join(tmpdir(), 'skein-state-test-')) }
})
afterEach(() => rmSync(env.XDG_STATE_HOME, { recursive: true }))

const state = (port: number, pid = process.pid): ClusterState => ({
  pid,
  endpoint: `http://localhost:${port}`,
  port,
  internal: [],
  redisUrl: '',
  signing: { tokenHmacSecret: 's', tokenAlgorithm: 'HS256', tokenAudience: '', tokenIssuer: '' },
  apiKey: 'k',
  folder: '/nowhere',
})

it('finds the written cluster, and only its user can read the file', () => {
  writeState(env, state(8000))
  expect(findCluster(env)).toEqual(state(8000))
  expect(statSync(stateFile(env, 8000)).mode & 0o777).toBe(0o600)
  expect(statSync(stateFolder(env)).mode & 0o777).toBe(0o700)
})

it('requires a port if several clusters run', () => {
  writeState(env, state(8001))
  writeState(env, state(8000))
  expect(runningClusters(env).map(({ port }) => port)).toEqual([8000, 8001])
  expect(() => findCluster(env)).toThrow('ports 8000, 8001')
  expect(findCluster(env, 8001)?.port).toBe(8001)
  expect(findCluster(env, 9000)).toBeUndefined()
})

it('ignores a cluster whose process no longer exists', () => {
  // Above the largest pid of Linux.
  writeState(env, state(8000, 4_194_305))
  expect(findCluster(env)).toBeUndefined()
})

it('removes its own file, and the folder only if it is empty', () => {
  writeState(env, state(8000))
  writeState(env, state(8001))
  removeState(env, 8000)
  expect(existsSync(stateFile(env, 8001))).toBe(true)
  removeState(env, 8001)
  expect(existsSync(stateFolder(env))).toBe(false)
  removeState(env, 8001)
})

it('finds no cluster without a state folder', () => {
  expect(runningClusters({ XDG_STATE_HOME: '/nonexistent' })).toEqual([])
})

it('ignores files that are not cluster states', () => {
  writeState(env, state(8000))
  writeFileSync(join(stateFolder(env), 'cluster-8000.json.123'), 'half a fi')
  expect(runningClusters(env)).toHaveLength(1)
})
