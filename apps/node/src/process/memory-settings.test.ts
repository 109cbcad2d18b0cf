import { describe, expect, it, vi } from 'vitest'
import { withMemorySettings } from './memory-settings.ts'

function stand(given: { execArgv?: string[]; connected?: boolean } = {}) {
  const execve = vi.fn()
  const { execArgv = [], connected = false } = given
  return { execPath: '/bin/node', argv: ['/bin/node', '/app/main.ts', 'x'], execArgv, connected, execve }
}

describe('the memory settings of V8 and glibc', () => {
  it('are added to a node that was started without them', () => {
    const process = stand({ execArgv: ['--enable-source-maps'] })
    withMemorySettings(process, { SKEIN_PORT: '1' })
    expect(process.execve).toHaveBeenCalledWith(
      '/bin/node',
      ['/bin/node', '--max-semi-space-size=16', '--enable-source-maps', '/app/main.ts', 'x'],
      { MALLOC_ARENA_MAX: '1', SKEIN_PORT: '1' },
    )
  })

  it('are defaults, which the environment overrides', () => {
    const process = stand()
    withMemorySettings(process, { MALLOC_ARENA_MAX: '4' })
    expect(process.execve).toHaveBeenCalledWith('/bin/node', expect.anything(), { MALLOC_ARENA_MAX: '4' })
  })

  it.each([
    ['the command line', stand({ execArgv: ['--max-semi-space-size=32'] }), {}],
    ['the command line, spelled with underscores', stand({ execArgv: ['--max_semi_space_size=32'] }), {}],
    ['NODE_OPTIONS', stand(), { NODE_OPTIONS: '--max-semi-space-size=32' }],
  ])('of %s are unchanged', (_, process, env) => {
    withMemorySettings(process, env)
    expect(process.execve).not.toHaveBeenCalled()
  })

  it('are not applied to a child with a channel to its parent', () => {
    const process = stand({ connected: true })
    withMemorySettings(process, {})
    expect(process.execve).not.toHaveBeenCalled()
  })

  it('are not applied on a platform without execve', () => {
    expect(() => withMemorySettings({ ...stand(), execve: undefined }, {})).not.toThrow()
  })
})
