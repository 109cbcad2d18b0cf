/** The wire: types, codes, codecs. Runs in browsers as well as in Node. */
export * from './codec.ts'
export * from './codecs.ts'
export * from './codes.ts'
export * from './envelope.ts'
export * from './messages.ts'
export * from './payload.ts'
export { mostCommands } from './wire/limits.ts'
