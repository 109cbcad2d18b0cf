/** Documents that are read from top to bottom stay short. */
import { expect, it } from 'vitest'
import { lines, read } from './documents.ts'

it.each([
  ['README.md', 120],
  ['ARCHITECTURE.md', 250],
  ['docs/performance.md', 150],
])('%s has at most %i lines', (document, most) => {
  expect(lines(read(document)).length).toBeLessThanOrEqual(most)
})

it('README.md names the two commands word for word', () => {
  expect(read('README.md')).toContain('npm ci && npm start')
  expect(read('README.md')).toContain('npm ci && npm test')
})
