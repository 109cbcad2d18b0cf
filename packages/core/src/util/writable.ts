/**
 * For objects that are put together step by step. `{ ...(condition && { field }) }` reads as well, but calls
 * V8's runtime: some microseconds on a path whose caches are cold.
 */
export type Writable<T> = { -readonly [K in keyof T]: T[K] }
