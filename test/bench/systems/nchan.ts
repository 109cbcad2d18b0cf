/**
 * nginx with nchan, where its module is installed (Debian: libnginx-mod-nchan): C, one channel, one worker,
 * no Redis.
 */
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, startChild, statusOf, waitFor } from '@skein/testkit'
import type { System } from './system.ts'

const MODULE = ['/usr/lib/nginx/modules', '/usr/lib64/nginx/modules', '/usr/local/nginx/modules']
  .map((folder) => join(folder, 'ngx_nchan_module.so'))
  .find((file) => existsSync(file))

/** None or one. */
export const NCHAN: readonly System[] = MODULE === undefined ? [] : [nchan(MODULE)]

function nchan(module: string): System {
  return {
    name: 'nchan',
    label: 'nginx with nchan (C), without Redis',
    async start() {
      const folder = await mkdtemp(join(tmpdir(), 'skein-nchan-'))
      const port = await freePort()
      await writeFile(join(folder, 'nginx.conf'), configuration(module, folder, port))
      const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr']
      const child = await startChild({ name: 'nchan', command: 'nginx', args })
      const stop = async (): Promise<void> => {
        await child.stop()
        await rm(folder, { recursive: true, force: true })
      }
      try {
        await waitFor('nchan', async () => (await statusOf(`http://127.0.0.1:${port}/up`)) === 200)
      } catch (error) {
        await stop()
        throw new Error(child.logs(), { cause: error })
      }
      return {
        name: 'nchan',
        dialect: 'nchan',
        targets: [{ host: '127.0.0.1', port }],
        pids: [child.pid, ...childrenOf(child.pid)],
        secret: '',
        oneChannel: true,
        channel: (channel) => channel,
        stop,
      }
    },
  }
}

function configuration(module: string, folder: string, port: number): string {
  return `load_module ${module};
user root;
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr crit;
events { worker_connections 19000; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /up { return 200; }
    location = /sub { nchan_subscriber websocket; nchan_channel_id bench; nchan_subscriber_first_message newest; }
    location = /pub { nchan_publisher websocket; nchan_channel_id bench; }
  }
}
`
}

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return text === '' ? [] : text.split(' ').map(Number)
}
