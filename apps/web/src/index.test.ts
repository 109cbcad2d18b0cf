import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { contentSecurityPolicy, ensureBuilt, userIdOf, webRoot } from './index.ts'

describe('the built app', () => {
  beforeAll(() => ensureBuilt(), 60_000)
  const page = (): string => readFileSync(join(webRoot, 'index.html'), 'utf8')

  test('is built once', async () => {
    expect(await ensureBuilt()).toBe(false)
  })

  test('is built once for concurrent callers', async () => {
    expect(await Promise.all([ensureBuilt(), ensureBuilt(), ensureBuilt()])).toEqual([false, false, false])
  })

  test('loads only files that are served', () => {
    const loaded = [...page().matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1] ?? '')
    expect(loaded.length).toBeGreaterThanOrEqual(3)
    for (const path of loaded) expect(existsSync(join(webRoot, path)), path).toBe(true)
  })

  test('has no inline scripts or styles, which its policy forbids', () => {
    expect(page()).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/i)
    expect(page().match(/<script(?![^>]*\ssrc=)/g)).toBeNull()
    expect(contentSecurityPolicy).not.toContain('unsafe')
  })

  test('has content hashes in the names of immutable files, and no sources', () => {
    const assets = readdirSync(join(webRoot, 'assets'))
    for (const name of assets) expect(name).toMatch(/-[\w-]{8}\.(js|css)(\.br|\.gz)?$/)
  })
})

describe('the user id of a name', () => {
  test.each([
    ['Ada', 'ada'],
    [' ADA  Lovelace ', 'ada-lovelace'],
    ['e\u0301', 'é'],
    ['李小龙', '李小龙'],
    ['a:b#c', 'a:b#c'],
  ])('%j is %j', (name, user) => {
    expect(userIdOf(name)).toBe(user)
  })

  test('fits into a channel name, and differs for each long name', () => {
    const [one, other] = [`${'龙'.repeat(31)}一`, `${'龙'.repeat(31)}二`]
    expect(userIdOf(one)).not.toBe(userIdOf(other))
    expect(userIdOf(one)).toMatch(/^龙+\.[0-9a-z]+$/)
    expect(encodeURIComponent(userIdOf(one)).length).toBeLessThanOrEqual(100)
  })
})
