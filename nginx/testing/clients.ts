/** Clients and stub nodes that close with their test. */
import { onTestFinished } from 'vitest'
import { type Answer, type Ask, ask } from './request.ts'
import { startUpstream, type Upstream } from './upstream.ts'

export const WS = '/connection/websocket'

export async function upstreams(count: number): Promise<readonly Upstream[]> {
  const started = await Promise.all(
    Array.from({ length: count }, (_, index) => startUpstream(`node-${index}`)),
  )
  onTestFinished(async () => void (await Promise.all(started.map((one) => one.close()))))
  return started
}

export const addresses = (nodes: readonly Upstream[]): string[] => nodes.map((node) => node.address)

/** A handshake whose socket closes with the test. */
export async function handshake(url: string, options: Ask = {}): Promise<Answer> {
  const answer = await ask(url, { upgrade: true, ...options })
  onTestFinished(() => void answer.socket?.destroy())
  return answer
}

/** Names of the nodes that clients with these addresses reach. */
export async function reached(url: string, from: readonly string[], header?: string): Promise<string[]> {
  const answers = await Promise.all(
    from.map((address) =>
      handshake(url, header === undefined ? { localAddress: address } : { headers: { [header]: address } }),
    ),
  )
  return answers.map((answer) => answer.seen?.node ?? `status ${answer.status}`)
}

export const range = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index + 1)
