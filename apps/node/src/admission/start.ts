/** Makes the parts that decide about admission. */
import type { SkeinNode } from '@skein/core'
import type { Config } from '../config/config.ts'
import { Admission } from './admission.ts'
import { ClusterWatch, type Outages } from './cluster-watch.ts'
import { LoopDelay } from './loop-delay.ts'
import { connectionBound, openFilesLimit } from './open-files.ts'
import { loadReader, Overload } from './overload.ts'

/** Periodic checks of this process and its cluster. */
export interface Watches {
  /** Checks the cluster now. */
  ready(): ReturnType<SkeinNode['ready']>
  /** False if several checks in a row have not reached the cluster. */
  readonly clusterReachable: boolean
  stop(): void
}

export interface Started {
  readonly admission: Admission
  readonly overload: Overload
  readonly loopDelay: LoopDelay
  readonly watches: Watches
}

interface AdmissionLog {
  warn(fields: object, text: string): void
}

export function startAdmission(
  config: Config,
  node: SkeinNode,
  log: AdmissionLog,
  outages: Outages,
): Started {
  const loopDelay = new LoopDelay()
  const overload = new Overload(config, loadReader(loopDelay))
  const watch = new ClusterWatch(node, outages)
  const bound = connectionBound(openFilesLimit())
  if (config.maxConnections > bound) {
    const text = 'the limit of open files is too low for SKEIN_MAX_CONNECTIONS: raise it (ulimit -n)'
    log.warn({ wanted: config.maxConnections, bound }, text)
  }
  const admission = new Admission(config, { node, overload, bound, clusterAway: () => watch.away })
  const stop = (): void => {
    for (const one of [loopDelay, overload, watch]) one.stop()
  }
  const watches: Watches = {
    ready: () => watch.ready(),
    get clusterReachable() {
      return !watch.away
    },
    stop,
  }
  return { admission, overload, loopDelay, watches }
}
