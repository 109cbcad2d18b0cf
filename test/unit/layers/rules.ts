/**
 * The layers of ARCHITECTURE.md as data: which package may import which, and which library belongs to whom.
 */

/** One package of the workspace, by its folder. */
export interface Layer {
  /** The folder, from the repository's root. */
  readonly folder: string
  /** Our own packages that it may import. */
  readonly imports: readonly string[]
  /** True: it runs in browsers too, so nothing of Node may be imported. */
  readonly browser?: boolean
}

/** By package name. A new package needs a row: a missing one fails the check. */
export const LAYERS: Readonly<Record<string, Layer>> = {
  '@skein/protocol': { folder: 'packages/protocol', imports: [], browser: true },
  '@skein/core': { folder: 'packages/core', imports: ['@skein/protocol'] },
  '@skein/chat': { folder: 'packages/chat', imports: ['@skein/core', '@skein/protocol'] },
  // It implements the ports of core and of chat.
  '@skein/redis': { folder: 'packages/redis', imports: ['@skein/core', '@skein/chat', '@skein/protocol'] },
  '@skein/client': { folder: 'packages/client', imports: ['@skein/protocol'], browser: true },
  '@skein/node': {
    folder: 'apps/node',
    imports: ['@skein/protocol', '@skein/core', '@skein/redis', '@skein/chat', '@skein/web'],
  },
  // Its door resolves the page's files, which needs Node; the code for browsers is in public/.
  '@skein/web': { folder: 'apps/web', imports: ['@skein/client'] },
  '@skein/cli': { folder: 'apps/cli', imports: ['@skein/client', '@skein/node'] },
  '@skein/testkit': {
    folder: 'packages/testkit',
    imports: [
      '@skein/protocol',
      '@skein/core',
      '@skein/redis',
      '@skein/chat',
      '@skein/client',
      '@skein/node',
      '@skein/web',
      '@skein/cli',
    ],
  },
}

/**
 * Files outside the packages that packages import by path, and the packages that may. The nginx configuration
 * is at the top level, where operators look for it, and is no package.
 */
export const TOP_LEVEL_DOORS: Readonly<Record<string, readonly string[]>> = {
  'nginx/render.ts': ['@skein/cli', '@skein/testkit'],
  'nginx/options.ts': ['@skein/cli', '@skein/testkit'],
}

/** Only tests import it: nothing of it can reach a running server. */
export const TEST_ONLY = '@skein/testkit'

/**
 * Each of these libraries is imported by one package only (and by tests): it can be replaced in one place.
 */
export const OWNED: readonly { readonly library: RegExp; readonly owner: string }[] = [
  { library: /^(fastify|@fastify\/.+)$/, owner: '@skein/node' },
  { library: /^ioredis$/, owner: '@skein/redis' },
  { library: /^jsonwebtoken$/, owner: '@skein/node' },
  { library: /^prom-client$/, owner: '@skein/node' },
  { library: /^pino$/, owner: '@skein/node' },
]

/** Modules that core must not import: sockets, HTTP, processes, files. Time comes through its `Clock`. */
export const CORE_FORBIDDEN =
  /^node:(net|tls|http|https|http2|dgram|dns|fs|child_process|cluster|process|timers|worker_threads)(\/.+)?$/
