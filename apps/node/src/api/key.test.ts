import { describe, expect, it } from 'vitest'
import { keyChecker } from './key.ts'

describe('keyChecker', () => {
  it.each([
    ['current', true],
    ['previous', true],
    ['current ', false],
    ['other', false],
    ['', false],
  ])('during a rotation: %j is accepted: %j', (key, accepted) => {
    const check = keyChecker('current', 'previous')
    expect(check({ 'x-api-key': key })).toBe(accepted)
    expect(check({ authorization: `apikey ${key}` })).toBe(accepted)
  })

  it('rejects the previous key after the rotation', () => {
    expect(keyChecker('current', '')({ 'x-api-key': 'previous' })).toBe(false)
    expect(keyChecker('current', '')({})).toBe(false)
  })

  it('accepts nothing without a key', () => {
    expect(keyChecker('', '')({})).toBe(false)
    expect(keyChecker('', '')({ 'x-api-key': '' })).toBe(false)
  })
})
