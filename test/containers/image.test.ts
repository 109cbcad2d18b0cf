/** The node image alone: user, file system, contents, start and stop. */
import { beforeAll, describe, expect, it } from 'vitest'
import { type Container, startContainer, untilHealthy } from './containers.ts'
import { buildNodeImage, docker, hasEngine, NODE_IMAGE } from './engine.ts'

/** The options of docker-compose.yml and k8s. */
const HARDENED = ['--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges']
const DEVELOPMENT = ['-e', 'SKEIN_ENV=development', '-e', 'SKEIN_DRAIN_WINDOW=1s']

const start = (...args: readonly string[]): Promise<Container> =>
  startContainer(...HARDENED, ...DEVELOPMENT, '-p', '127.0.0.1::8080', ...args, NODE_IMAGE)

describe.skipIf(!hasEngine)('the image', () => {
  beforeAll(async () => void (await buildNodeImage()))

  it('becomes healthy on a read-only root file system, as an unprivileged user', async () => {
    const container = await start()
    await untilHealthy(container)
    expect(await container.exec('id', '-u')).toBe('1000')
    await expect(container.exec('touch', '/app/x')).rejects.toThrow(/Read-only|Permission/)
    const status = await container.exec('cat', '/proc/1/status')
    expect(status).toMatch(/^Name:\s+(node|MainThread)$/m)
    expect(status).toMatch(/^CapEff:\s+0+$/m)
  })

  it('drains and exits 0 on SIGTERM, as process 1', async () => {
    const container = await start()
    await untilHealthy(container)
    const began = performance.now()
    await docker('stop', '--time', '20', container.id)
    expect(await container.state()).toMatchObject({ Status: 'exited', ExitCode: 0 })
    expect(performance.now() - began).toBeLessThan(10_000)
  })

  it('stays alive and unready without Redis', async () => {
    const container = await start('-e', 'SKEIN_REDIS_URL=redis://127.0.0.1:1')
    const check = (path: string) =>
      container.exec('node', '-e', `fetch('http://127.0.0.1:9090${path}').then((r) => console.log(r.status))`)
    await expect.poll(() => check('/livez'), { timeout: 20_000 }).toBe('200')
    expect(await check('/readyz')).toBe('503')
    expect(await container.state()).toMatchObject({ Status: 'running' })
  })

  it('exits on invalid settings with one message that lists every problem', async () => {
    const container = await startContainer(
      '-e',
      'SKEIN_PORT=x',
      '-e',
      'SKEIN_PING_INTERVAL=never',
      NODE_IMAGE,
    )
    await expect.poll(async () => (await container.state()).Status, { timeout: 20_000 }).toBe('exited')
    expect((await container.state()).ExitCode).not.toBe(0)
    expect(await container.logs()).toMatch(/SKEIN_PORT[\s\S]*SKEIN_PING_INTERVAL/)
  })

  it('contains only the files of a node', async () => {
    const files = await docker(
      'run',
      '--rm',
      NODE_IMAGE,
      'find',
      '/app',
      '-not',
      '-path',
      '*/node_modules/*/*',
    )
    expect(files).toContain('/app/apps/node/src/main.ts')
    expect(files).not.toMatch(/\.test\.ts|\/testing\/|\/testkit|\/cli\b|\.env|\.git\b/)
    const packages = await docker('run', '--rm', NODE_IMAGE, 'ls', '/app/node_modules')
    expect(packages.split('\n')).not.toContain('vitest')
    expect(packages.split('\n')).not.toContain('typescript')
    expect(packages.split('\n')).toContain('fastify')
  })

  it('has a compile cache that a node uses at its start', async () => {
    // Node logs its cache accesses; without settings the node exits at once.
    const log = await docker(
      'run',
      '--rm',
      ...HARDENED,
      '--entrypoint=sh',
      '-e',
      'NODE_DEBUG_NATIVE=COMPILE_CACHE',
      NODE_IMAGE,
      '-c',
      'node apps/node/src/main.ts 2>&1; true',
    )
    const lines = log.split('\n')
    const matching = (words: RegExp): number => lines.filter((line) => words.test(line)).length
    expect(matching(/retrieving transpile cache for StrippedTypeScript .*success/)).toBeGreaterThan(200)
    expect(matching(/code cache for ESM .* was accepted/)).toBeGreaterThan(500)
    expect(matching(/was rejected|writing cache for/)).toBe(0)
  })

  it('adds less than 60 MB to its base, and has labels', async () => {
    const layers = await docker(
      'history',
      '--format',
      '{{.Size}} {{.CreatedBy}}',
      '--human=false',
      NODE_IMAGE,
    )
    const ours = layers.split('\n').filter((line) => line.includes('buildkit'))
    const bytes = ours.reduce((sum, line) => sum + Number(line.split(' ')[0]), 0)
    expect(bytes).toBeGreaterThan(0)
    expect(bytes).toBeLessThan(60_000_000)
    const labels = JSON.parse(
      await docker('inspect', '--format', '{{json .Config.Labels}}', NODE_IMAGE),
    ) as object
    expect(labels).toMatchObject({ 'org.opencontainers.image.licenses': 'MIT' })
  })
})
