/** The wire: types, codes, codecs. Runs in browsers as well as in Node. */
export * from './codec.ts'
export * from './codes.ts'
export * from './messages.ts'
export * from './payload.ts'
