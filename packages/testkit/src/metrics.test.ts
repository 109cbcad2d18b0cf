import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { scrape, total } from './metrics.ts'

const TEXT = `# HELP a_total Something.
# TYPE a_total counter
a_total{code="1",by="x \\" y"} 2
a_total{code="2",by="z"} 3
b 4.5
`

test('reads samples with their labels, and sums them by labels', async () => {
  const server = createServer((_request, response) => response.end(TEXT))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const samples = await scrape(`http://127.0.0.1:${port}`)
  expect(total(samples, 'a_total')).toBe(5)
  expect(total(samples, 'a_total', { code: '2' })).toBe(3)
  expect(total(samples, 'b')).toBe(4.5)
  expect(total(samples, 'missing')).toBe(0)
  expect(samples[0]?.labels).toEqual({ code: '1', by: 'x \\" y' })
})
