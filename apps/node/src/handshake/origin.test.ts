import { expect, it } from 'vitest'
import { originAllowed } from './origin.ts'

const LIST = ['https://app.example.com', 'http://localhost:3000']

it.each([
  [undefined, 'example.com', [], true],
  ['https://example.com', 'example.com', [], true],
  ['http://example.com:8000', 'example.com:8000', [], true],
  ['https://example.com', 'example.com:443', [], true],
  ['http://[::1]:8000', '[::1]:8000', [], true],
  ['HTTPS://EXAMPLE.com', 'example.com', [], true],
  ['https://example.com', 'example.com:8443', [], false],
  ['https://example.com.evil.org', 'example.com', [], false],
  ['https://evil.org', 'example.com', [], false],
  ['null', 'example.com', [], false],
  ['', 'example.com', [], false],
  ['https://example.com', undefined, [], false],
  ['https://app.example.com', 'ws.example.com', LIST, true],
  ['http://app.example.com', 'ws.example.com', LIST, false],
  ['https://app.example.com:8443', 'ws.example.com', LIST, false],
  ['https://ws.example.com', 'ws.example.com', LIST, false],
  ['https://evil.org', 'ws.example.com', ['*'], true],
  ['null', 'ws.example.com', ['null'], true],
  ['https://a.example.com', 'ws.example.com', ['https://*.example.com'], true],
  ['https://a.b.example.com', 'ws.example.com', ['https://*.example.com'], true],
  ['https://example.com', 'ws.example.com', ['https://*.example.com'], false],
  ['http://a.example.com', 'ws.example.com', ['https://*.example.com'], false],
  ['https://a.example.com:8443', 'ws.example.com', ['https://*.example.com'], false],
  ['https://evil.org/.example.com', 'ws.example.com', ['https://*.example.com'], false],
  ['https://evilexample.com', 'ws.example.com', ['https://*.example.com'], false],
  ['capacitor://localhost', 'ws.example.com', ['capacitor://localhost'], true],
])('origin %s at host %s with %j: %s', (origin, host, allowed, expected) => {
  expect(originAllowed(origin, host, allowed)).toBe(expected)
})
