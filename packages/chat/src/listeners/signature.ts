/**
 * Signatures of webhooks: `Skein-Signature: t=<Unix seconds>,v1=<hex>`, where v1 is the HMAC-SHA256 of
 * `<t>.<body>` under the shared secret. The signed time prevents a later replay of a captured request.
 */
export const SIGNATURE_HEADER = 'skein-signature'

/** Maximum difference between the clocks of sender and receiver. */
export const SIGNATURE_WINDOW_SECONDS = 300

const FORMAT = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/
const ALGORITHM = { name: 'HMAC', hash: 'SHA-256' } as const

/** The header's value. `time` in Unix seconds. */
export async function sign(secret: string, time: number, body: string): Promise<string> {
  const mac = await crypto.subtle.sign('HMAC', await keyOf(secret), bytesOf(time, body))
  return `t=${time},v1=${Buffer.from(mac).toString('hex')}`
}

/**
 * Whether `header` signs the received `body` at about `now` (Unix seconds). Compares in constant time. Events
 * arrive at least once, so a receiver also keeps each `skein-event-id` for twice {@link
 * SIGNATURE_WINDOW_SECONDS}.
 */
export async function verify(secret: string, header: string, body: string, now: number): Promise<boolean> {
  const [, time, mac] = FORMAT.exec(header) ?? []
  if (time === undefined || mac === undefined) return false
  if (Math.abs(now - Number(time)) > SIGNATURE_WINDOW_SECONDS) return false
  const bytes = Uint8Array.from(Buffer.from(mac, 'hex'))
  return crypto.subtle.verify('HMAC', await keyOf(secret), bytes, bytesOf(Number(time), body))
}

function keyOf(secret: string): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', new TextEncoder().encode(secret), ALGORITHM, false, [
    'sign',
    'verify',
  ])
}

function bytesOf(time: number, body: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${time}.${body}`)
}
