import { expect, it } from 'vitest'
import { cliPage } from './cli-page.ts'

// `npm run test:unit -- cli-page -u` writes the page.
it('docs/reference/cli.md lists every command with its options', async () => {
  await expect(cliPage()).toMatchFileSnapshot('../../../docs/reference/cli.md')
})
