import { open } from 'node:fs/promises'
import { expect, it, onTestFinished } from 'vitest'
import { OpenFiles } from './open-files.ts'

const onLinux = it.skipIf(process.platform !== 'linux')

async function openMore(count: number): Promise<void> {
  const files = await Promise.all(Array.from({ length: count }, () => open('/dev/null')))
  onTestFinished(async () => void (await Promise.all(files.map((file) => file.close()))))
}

onLinux('counts the open files', async () => {
  const files = new OpenFiles()
  const before = (await files.count()) ?? 0
  await openMore(200)
  expect(await files.count()).toBeGreaterThan(before + 150)
})

onLinux('lists them once a minute on a kernel that does not count them', async () => {
  let now = 0
  const files = new OpenFiles(
    async () => 0,
    () => now,
  )
  const before = (await files.count()) ?? 0
  expect(before).toBeGreaterThan(2)
  await openMore(200)
  now = 59_999
  expect(await files.count()).toBe(before)
  now = 60_000
  expect(await files.count()).toBeGreaterThan(before + 150)
})

it('has no count without /proc', async () => {
  const files = new OpenFiles(async () => {
    throw new Error('ENOENT')
  })
  expect(await files.count()).toBeUndefined()
})
