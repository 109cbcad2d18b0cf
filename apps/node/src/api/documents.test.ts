import { expect, it } from 'vitest'
import { serverApiPage } from './documents.ts'

// `npm run test:unit -- apps/node/src/api/documents -u` writes the page.
it('docs/reference/server-api.md lists every method with its fields', async () => {
  await expect(serverApiPage()).toMatchFileSnapshot('../../../../docs/reference/server-api.md')
})
