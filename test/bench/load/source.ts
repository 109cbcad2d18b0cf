/**
 * Source addresses and ports of connections. Each connection names its port: the kernel's search for a free
 * one among some thousand takes 2.3 ms, more than the rest of an opening.
 */

/** Below the kernel's ephemeral ports (`net.ipv4.ip_local_port_range`), above those of services. */
const FIRST_PORT = 2048
const LAST_PORT = 32_767

/** Ports of one load process; no other process uses its address. */
const nextPorts = new Map<string, number>()

export function nextPort(address: string): number {
  const port = nextPorts.get(address) ?? FIRST_PORT
  nextPorts.set(address, port === LAST_PORT ? FIRST_PORT : port + 1)
  return port
}

/**
 * 127.A.B.C: A at random for each run, since ports of the last run stay taken for a minute; B and C for each
 * process and job.
 */
const NETWORK = 2 + Math.floor(Math.random() * 250)
const PER_BYTE = 250
let addresses = 0

export function nextAddress(): string {
  const at = addresses++
  return `127.${NETWORK}.${1 + (Math.floor(at / PER_BYTE) % PER_BYTE)}.${1 + (at % PER_BYTE)}`
}
