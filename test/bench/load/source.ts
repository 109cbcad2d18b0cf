/**
 * Where connections come from. Each names its port: left to the kernel, `bind` to an address looks for a free one among those
 * taken, which costs 2.3 ms when some thousand are, more than all else of a connection together.
 */

/** Below the ports that the kernel hands out by itself (`net.ipv4.ip_local_port_range`), above those of services. */
const FIRST_PORT = 2048
const LAST_PORT = 32_767

/** Of one load process; no other comes from the same address. */
const nextPorts = new Map<string, number>()

export function nextPort(address: string): number {
  const port = nextPorts.get(address) ?? FIRST_PORT
  nextPorts.set(address, port === LAST_PORT ? FIRST_PORT : port + 1)
  return port
}

/**
 * 127.A.B.C: A by chance for each run, since ports of a run that has just ended stay taken for a minute; B and C for each
 * process and job.
 */
const NETWORK = 2 + Math.floor(Math.random() * 250)
const PER_BYTE = 250
let addresses = 0

export function nextAddress(): string {
  const at = addresses++
  return `127.${NETWORK}.${1 + (Math.floor(at / PER_BYTE) % PER_BYTE)}.${1 + (at % PER_BYTE)}`
}
