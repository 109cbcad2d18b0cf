/** A node's brain, without socket, Redis, HTTP or logger. */
export * from './errors.ts'
export * from './events.ts'
export * from './hooks.ts'
export * from './memory/index.ts'
export * from './namespaces.ts'
export * from './node-api.ts'
export * from './ports.ts'
export * from './socket.ts'
