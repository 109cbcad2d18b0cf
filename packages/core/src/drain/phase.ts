/** The phase of the node, for loops that run as long as it lives. */
export interface NodePhase {
  readonly serving: boolean
  readonly closed: boolean
}
