/** nginx of the image serves a renewed certificate without a reload, and keeps the open connections. */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { freePort, waitFor } from '@skein/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readDefaults } from '../../nginx/defaults.ts'
import { handshake, upstreams, WS } from '../../nginx/testing/clients.ts'
import { startContainer } from './containers.ts'
import { hasEngine, NGINX_IMAGE, ROOT } from './engine.ts'

/** Writes a new self-signed certificate, each file by a rename. */
function renew(dir: string, name: string): void {
  const [key, certificate] = [join(dir, 'new.key'), join(dir, 'new.crt')]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const out = ['-keyout', key, '-out', certificate, '-days', '2']
  execFileSync('openssl', ['req', '-x509', ...curve, '-subj', `/CN=${name}`, ...out], { stdio: 'pipe' })
  for (const file of [key, certificate]) chmodSync(file, 0o644)
  renameSync(key, join(dir, 'tls.key'))
  renameSync(certificate, join(dir, 'tls.crt'))
}

/** An open TLS connection, closed with the test. */
const open = (port: number): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => resolve(socket))
    socket.on('error', reject)
    onTestFinished(() => void socket.destroy())
  })

async function servedName(port: number): Promise<string | undefined> {
  try {
    const socket = await open(port)
    const { subject } = socket.getPeerCertificate()
    socket.destroy()
    return String(subject.CN)
  } catch {
    // nginx is starting, or read the files between the two renames.
    return undefined
  }
}

describe.skipIf(!hasEngine)('a renewed certificate', () => {
  it('serves new connections without a reload, and open connections stay', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'skein-certificate-'))
    chmodSync(dir, 0o755)
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
    renew(dir, 'first')
    const [node] = await upstreams(1)
    const [port, plainPort, healthPort] = [await freePort(), await freePort(), await freePort()]
    const settings = {
      ...readDefaults(),
      SKEIN_NGINX_TLS: 'on',
      SKEIN_NGINX_LISTEN: `127.0.0.1:${plainPort}`,
      SKEIN_NGINX_TLS_LISTEN: `127.0.0.1:${port}`,
      SKEIN_NGINX_HEALTH_LISTEN: `127.0.0.1:${healthPort}`,
      SKEIN_NGINX_NODES_FROM: 'list',
      SKEIN_NGINX_SERVERS: `server ${node?.address};`,
    }
    const container = await startContainer(
      '--network=host',
      '--read-only',
      '--cap-drop=ALL',
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
    await waitFor('the first certificate', async () => (await servedName(port)) === 'first', 30_000)
    const workers = (await container.logs()).match(/start worker process \d+/g)
    const client = await handshake(`https://127.0.0.1:${port}${WS}`, { rejectUnauthorized: false })
    expect(client.status).toBe(101)

    renew(dir, 'second')
    // Each of the two workers caches the files.
    const inAllWorkers = async (): Promise<boolean> => {
      for (let count = 0; count < 30; count++) if ((await servedName(port)) !== 'second') return false
      return true
    }
    await waitFor('the second certificate', inAllWorkers, 30_000)

    expect((await container.logs()).match(/start worker process \d+/g)).toEqual(workers)
    expect(workers).toHaveLength(2)
    expect(client.socket?.destroyed).toBe(false)
  })
})
