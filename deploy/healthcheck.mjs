/** Health check of the container: exits 0 if the node is ready. Slim images have no curl. */
// biome-ignore lint/style/noProcessEnv: a separate program beside the node; it reads only the port
const port = process.env.SKEIN_INTERNAL_PORT || '9090'

try {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2500) })
  if (!response.ok) console.error(`readyz: ${response.status} ${await response.text()}`)
  process.exitCode = response.ok ? 0 : 1
} catch (error) {
  console.error(`readyz: ${error.message}`)
  process.exitCode = 1
}
