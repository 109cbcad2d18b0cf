/** The report of the million for a terminal. */
import { number } from '../report/table.ts'
import type { Delivery } from './deliveries.ts'
import type { MillionReport } from './million.ts'

export function inWords(report: MillionReport): string {
  const { reached, seconds, memory, idleCpu, cpu, base } = report
  const gb = (bytes: number): string =>
    `${number(bytes / 1e9, 2)} GB (${number(bytes / reached / 1024, 2)} KB each)`
  return [
    `reached    ${number(reached, 0)} of ${number(report.wanted, 0)} in ${number(seconds, 0)} s${report.ended === undefined ? '' : `; ended by ${report.ended}`}`,
    ...Object.entries(report.failed).map(([why, times]) => `failed     ${number(times, 0)}: ${why}`),
    ...Object.entries(report.lost).map(([why, times]) => `lost       ${number(times, 0)}: ${why}`),
    `CPU        per connection: nodes ${number(cpu.nodes, 0)} us · Redis ${number(cpu.redis, 0)} us · clients ${number(cpu.clients, 0)} us; start of a pair ${number(report.startCpu, 2)} s`,
    `memory     nodes ${gb(memory.nodes)} · Redis ${gb(memory.redis)} · kernel ${gb(memory.kernel)} · clients ${gb(memory.clients)}`,
    `           of it an empty node ${number(base.node / 1e6, 0)} MB, an empty load process ${number(base.client / 1e6, 0)} MB`,
    `idle CPU   nodes ${number(idleCpu.nodes, 2)} · Redis ${number(idleCpu.redis, 2)} · clients ${number(idleCpu.clients, 2)} cores`,
    `broadcast  ${delivered(report.broadcast)}`,
    `personal   ${delivered(report.personal)}`,
  ].join('\n')
}

export function delivered({ expected, received, seconds, p50, p99, ended }: Delivery): string {
  const closed = Object.entries(ended).map(
    ([why, times]) => `; ${number(times, 0)} connections ended: ${why}`,
  )
  return `${number(received, 0)} of ${number(expected, 0)}, the last after ${number(seconds, 2)} s; p50 ${number(p50, 1)} ms, p99 ${number(p99, 1)} ms${closed.join('')}`
}
