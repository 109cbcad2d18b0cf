/** Measures the memory of nginx per idle client on the image; the memory limits of k8s/ follow from it. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { freePort, waitFor } from '@skein/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { NGINX_KIB_PER_CLIENT } from '../../k8s/testing/nginx-capacity.ts'
import { readDefaults } from '../../nginx/defaults.ts'
import { upstreams, WS } from '../../nginx/testing/clients.ts'
import { certificate } from '../../nginx/testing/nginx.ts'
import { startContainer } from './containers.ts'
import { docker, hasEngine, NGINX_IMAGE, ROOT } from './engine.ts'

const STEP_CLIENTS = 2000
const CONCURRENT_HANDSHAKES = 50

/** Opens one WebSocket and leaves it idle; it closes with the test. */
function openClient(port: number, tls: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1' }
    const socket: Socket = tls ? connectTls({ ...options, rejectUnauthorized: false }) : connect(options)
    onTestFinished(() => void socket.destroy())
    socket.on('error', reject)
    socket.once('data', (reply) =>
      reply.includes(' 101 ') ? resolve() : reject(new Error(reply.toString())),
    )
    socket.write(
      `GET ${WS} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    )
  })
}

async function openClients(port: number, tls: boolean, count: number): Promise<void> {
  for (let opened = 0; opened < count; opened += CONCURRENT_HANDSHAKES)
    await Promise.all(Array.from({ length: CONCURRENT_HANDSHAKES }, () => openClient(port, tls)))
}

/** Proportional set size of all processes in a container (proc_pid_smaps(5)). */
async function kibibytes(container: string): Promise<number> {
  const pids = (await docker('top', container, '-eo', 'pid')).split('\n').slice(1)
  return pids.reduce((sum, pid) => {
    const [, size] = /^Pss: +(\d+) kB/m.exec(readFileSync(`/proc/${pid.trim()}/smaps_rollup`, 'utf8')) ?? []
    return sum + Number(size)
  }, 0)
}

async function startNginx(tls: boolean): Promise<{ readonly id: string; readonly port: number }> {
  const dir = mkdtempSync(join(tmpdir(), 'skein-memory-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const files = certificate(dir)
  for (const path of [dir, files.key, files.certificate]) chmodSync(path, 0o755)
  const [node] = await upstreams(1)
  const [port, tlsPort, healthPort] = [await freePort(), await freePort(), await freePort()]
  const settings = {
    ...readDefaults(),
    SKEIN_NGINX_LISTEN: `127.0.0.1:${port}`,
    SKEIN_NGINX_TLS: tls ? 'on' : 'off',
    SKEIN_NGINX_TLS_LISTEN: `127.0.0.1:${tlsPort}`,
    SKEIN_NGINX_HEALTH_LISTEN: `127.0.0.1:${healthPort}`,
    SKEIN_NGINX_CONNECTIONS_PER_CLIENT: '20000',
    SKEIN_NGINX_HANDSHAKES_PER_SECOND: '10000',
    SKEIN_NGINX_HANDSHAKE_BURST: '10000',
    SKEIN_NGINX_NODES_FROM: 'list',
    SKEIN_NGINX_SERVERS: `server ${node?.address};`,
  }
  const container = await startContainer(
    '--network=host',
    '--user=101:101',
    '--tmpfs=/tmp',
    '--tmpfs=/etc/nginx/conf.d:uid=101,gid=101',
    `--volume=${ROOT}nginx/templates:/etc/nginx/templates:ro`,
    `--volume=${dir}:/etc/nginx/tls:ro`,
    ...Object.entries(settings).map(([name, value]) => `--env=${name}=${value}`),
    NGINX_IMAGE,
    'sh',
    '/etc/nginx/templates/start.sh',
  )
  const { id } = container
  const chosen = tls ? tlsPort : port
  await waitFor(
    'nginx to listen',
    () =>
      openClient(chosen, tls).then(
        () => true,
        () => false,
      ),
    30_000,
  )
  return { id, port: chosen }
}

describe.skipIf(!hasEngine)('memory of nginx per idle client', () => {
  it.each(['plain', 'tls'] as const)('%s stays below the number of the manifests', async (kind) => {
    const { id, port } = await startNginx(kind === 'tls')
    await openClients(port, kind === 'tls', STEP_CLIENTS)
    const before = await kibibytes(id)
    await openClients(port, kind === 'tls', STEP_CLIENTS)
    const perClient = ((await kibibytes(id)) - before) / STEP_CLIENTS
    console.info(
      `nginx, ${kind}: ${before} KiB at ${STEP_CLIENTS} clients, ${perClient.toFixed(1)} KiB per client`,
    )
    expect(perClient).toBeGreaterThan(1)
    expect(perClient).toBeLessThan(NGINX_KIB_PER_CLIENT[kind])
  })
})
