/** The machine of a measurement. */
import { readFileSync } from 'node:fs'
import { arch, availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly kernel: string
  readonly node: string
  /** Files that one process may open. */
  readonly files: number
  /** Load of the last minute, when the run ended: other work on the machine. */
  readonly load: number
}

export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? arch(),
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: `${process.platform} ${release().split('-')[0]}`,
    node: process.version,
    files: filesLimit(),
    load: loadavg()[0] ?? 0,
  }
}

function filesLimit(): number {
  const line = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))
  return Number(line?.[1] ?? 1024)
}
