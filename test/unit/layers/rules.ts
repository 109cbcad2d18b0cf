/** The layers of ARCHITECTURE.md as data: which package may import which, and which library belongs to whom. */

/** One package of the workspace, by its folder. */
export interface Layer {
  /** The folder, from the repository's root. */
  readonly folder: string
  /** Our own packages that it may import. */
  readonly imports: readonly string[]
  /** True: it runs in browsers too, so nothing of Node may be imported. */
  readonly browser?: boolean
}

/** By package name. A package that is missing here fails the check: a new one must say where it stands. */
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
  // Its door says to a node where the page's files are, so it runs in Node; what runs in the browser is in public/.
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
 * Files outside the packages that packages import by path, and who may. The nginx configuration stands at the top level,
 * where operators look for it, and is no package.
 */
export const TOP_LEVEL_DOORS: Readonly<Record<string, readonly string[]>> = {
  'nginx/render.ts': ['@skein/cli', '@skein/testkit'],
  'nginx/options.ts': ['@skein/cli', '@skein/testkit'],
}

/** Only tests import it, so nothing of it can reach a running server. */
export const TEST_ONLY = '@skein/testkit'

/** Each of these libraries is imported by one package alone (and by tests), so that it can be replaced in one place. */
export const OWNED: readonly { readonly library: RegExp; readonly owner: string }[] = [
  { library: /^(fastify|@fastify\/.+)$/, owner: '@skein/node' },
  { library: /^ioredis$/, owner: '@skein/redis' },
  { library: /^fast-jwt$/, owner: '@skein/node' },
  { library: /^prom-client$/, owner: '@skein/node' },
  { library: /^pino$/, owner: '@skein/node' },
]

/** What core may not know of: sockets, HTTP, processes, files. Time comes through its `Clock`. */
export const CORE_FORBIDDEN =
  /^node:(net|tls|http|https|http2|dgram|dns|fs|child_process|cluster|process|timers|worker_threads)(\/.+)?$/
