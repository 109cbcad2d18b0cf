/**
 * Packets dropped by iptables. Only to be used in a network namespace of one's own: see `inOwnNetwork`. What was blocked is let
 * through again by the function that blocking returned.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What is dropped: packets to and from an address or network, or to and from a TCP port. */
export type Cut = { readonly address: string } | { readonly port: number }

/** Drops in both directions; resolves with what ends it. */
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
