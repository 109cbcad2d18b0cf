/** A network namespace for one process and its children: loopback only, and a firewall of its own. */
import { spawnSync } from 'node:child_process'

/** The requirement that this machine lacks; `undefined`: none. */
export function ownNetworkLacks(): string | undefined {
  if (process.platform !== 'linux') return 'Linux'
  if (process.getuid?.() !== 0) return 'root'
  const tried = spawnSync('unshare', ['--net', '--', 'ip', 'link', 'set', 'lo', 'up'], { timeout: 5000 })
  return tried.status === 0 ? undefined : 'network namespaces (unshare --net, ip)'
}

export function firewallLacks(): string | undefined {
  const tried = spawnSync('iptables', ['--version'], { timeout: 5000 })
  return tried.status === 0 ? undefined : 'iptables'
}

/** The command line that runs a command in a network of its own. */
export function inOwnNetwork(command: string, args: readonly string[]): [string, string[]] {
  return ['unshare', ['--net', '--', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', command, ...args]]
}
