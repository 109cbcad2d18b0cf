/**
 * Containers by the docker command, because testcontainers cannot set read-only root file systems and users.
 */
import { waitFor } from '@skein/testkit'
import { onTestFinished } from 'vitest'
import { docker, dockerOutput } from './engine.ts'

export interface State {
  readonly Status: string
  readonly ExitCode: number
  readonly Health?: { readonly Status: string }
}

export interface Container {
  readonly id: string
  state(): Promise<State>
  logs(): Promise<string>
  exec(...command: readonly string[]): Promise<string>
  /** `127.0.0.1:port` that publishes this port of the container. */
  published(port: number): Promise<string>
}

/** Runs `docker run -d …`; the container is removed with the test. */
export async function startContainer(...args: readonly string[]): Promise<Container> {
  const id = await docker('run', '-d', ...args)
  onTestFinished(async () => void (await docker('rm', '-f', '-v', id)))
  return containerOf(id)
}

/** A handle to an existing container. */
export function containerOf(id: string): Container {
  return {
    id,
    state: async () => JSON.parse(await docker('inspect', '--format', '{{json .State}}', id)) as State,
    logs: async () => (await dockerOutput('logs', id)).output,
    exec: (...command) => docker('exec', id, ...command),
    published: async (port) => (await docker('port', id, `${port}/tcp`)).split('\n')[0] ?? '',
  }
}

/** Resolves when the container is healthy; rejects with its log. */
export async function untilHealthy(container: Container, ms = 60_000): Promise<void> {
  try {
    await waitFor(
      'the container to be healthy',
      async () => {
        const { Status, Health } = await container.state()
        return Status !== 'running' || Health?.Status === 'healthy'
      },
      ms,
    )
  } catch (error) {
    throw new Error(`${String(error)}\n${await container.logs()}`, { cause: error })
  }
  const { Status } = await container.state()
  if (Status !== 'running') throw new Error(`the container is ${Status}\n${await container.logs()}`)
}
