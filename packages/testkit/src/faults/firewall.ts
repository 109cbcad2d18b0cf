/**
 * Drops packets by iptables, in a network namespace of its own only: see `inOwnNetwork`. The function that
 * blocking returns removes the block.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The packets to drop: to and from an address or network, or to and from a TCP port. */
export type Cut = { readonly address: string } | { readonly port: number }

/** Drops in both directions; resolves with the function that ends it. */
export async function block(cut: Cut): Promise<() => Promise<void>> {
  const rules = 'port' in cut ? portRules(cut.port) : addressRules(cut.address)
  for (const rule of rules) await run('iptables', ['-I', ...rule])
  return async () => {
    for (const rule of rules) await run('iptables', ['-D', ...rule])
  }
}

function portRules(port: number): string[][] {
  return ['--dport', '--sport'].map((end) => ['INPUT', '-p', 'tcp', end, `${port}`, '-j', 'DROP'])
}

function addressRules(address: string): string[][] {
  return ['-d', '-s'].map((end) => ['INPUT', end, address, '-j', 'DROP'])
}
