import { defineConfig } from 'vitest/config'

/**
 * One runner, several projects: `unit` needs no other program; `test/run.ts` lists the needs of the others.
 */
export default defineConfig({
  test: {
    // Tests mostly wait for leases and timeouts: two files at a time, also on two cores.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{packages,apps,nginx,k8s,deploy,test/unit,test/bench}/**/*.test.ts'],
          exclude: ['**/*.{redis,nginx}.test.ts', '**/node_modules/**'],
          // Files share loaded modules, which halves the time. A test that leaves state for the next file is
          // a mistake; `--sequence.shuffle.files` finds it.
          isolate: false,
        },
      },
      {
        test: {
          name: 'redis',
          include: ['packages/**/*.redis.test.ts'],
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'cluster',
          include: ['{test/cluster,test/conformance,test/chat}/**/*.test.ts', 'nginx/**/*.nginx.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'chaos',
          include: ['test/{chaos,simulation}/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          // Scenarios mostly wait: this number runs on two cores without harm to the promised times.
          maxConcurrency: 2,
        },
      },
      {
        test: {
          name: 'containers',
          include: ['test/containers/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
