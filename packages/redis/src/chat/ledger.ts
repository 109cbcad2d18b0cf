import type { Ledger } from '@skein/chat'
import type { Calls } from './calls.ts'

export function redisLedger({ keys, run }: Calls): Ledger {
  return {
    async reserve(key, { id, at }, ttl) {
      const [keptId, keptAt, result, known] = await run('reserve a call', keys.ledger(key), (client) =>
        client.ledgerReserve(keys.ledger(key), id, at, ttl),
      )
      return { id: keptId, at: Number(keptAt), ...(result !== '' && { result }), known: known === 1 }
    },
    async settle(key, result) {
      await run('settle a call', keys.ledger(key), (client) => client.ledgerSettle(keys.ledger(key), result))
    },
  }
}
