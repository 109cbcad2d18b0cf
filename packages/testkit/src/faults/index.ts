export { FaultyProxy } from './faulty-proxy.ts'
export { block, type Cut } from './firewall.ts'
export { firewallLacks, inOwnNetwork, ownNetworkLacks } from './own-network.ts'
export { stepClock, steppable, steppedClockLacks } from './stepped-clock.ts'
