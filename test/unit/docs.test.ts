/** Documents that cannot lie: lengths, links and commands are compared with what is there. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { COMMANDS } from '@skein/cli'
import { describe, expect, it } from 'vitest'
import { ROOT } from './layers/read.ts'

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const documents = globSync('**/*.md', {
  cwd: ROOT,
  exclude: (path) => /(^|\/)(node_modules|\.git|dist)$/.test(path),
}).filter((path) => !path.includes('node_modules'))

/** The text of fenced blocks marked as shell. */
const shell = (text: string) =>
  [...text.matchAll(/```(?:sh|bash|shell)\n([\s\S]*?)```/g)].map((match) => match[1] ?? '').join('\n')

/** As GitHub makes an anchor of a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-')
const anchorsOf = (text: string) => [...text.matchAll(/^#+ (.+)$/gm)].map((match) => anchorOf(match[1] ?? ''))

describe('README.md', () => {
  it('has at most 120 lines', () => {
    expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(120)
  })

  it('names the two promises word for word', () => {
    expect(read('README.md')).toContain('npm ci && npm start')
    expect(read('README.md')).toContain('npm ci && npm test')
  })
})

describe.each(documents)('%s', (document) => {
  const text = read(document)

  it('names npm scripts that exist', () => {
    const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts)
    const named = [...text.matchAll(/\bnpm run (?:-s )?([a-z][a-z:]*)/g)].map((match) => match[1])
    expect(named.filter((script) => script !== undefined && !scripts.includes(script))).toEqual([])
  })

  it('names skein commands that exist', () => {
    const named = [...shell(text).matchAll(/\bnpx skein ([a-z]+)/g)].map((match) => match[1])
    expect(named.filter((command) => command !== undefined && !Object.hasOwn(COMMANDS, command))).toEqual([])
  })

  it('links to files and headings that exist', () => {
    const links = [...text.replace(/```[\s\S]*?```/g, '').matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)]
    const broken = links
      .map((match) => match[1] ?? '')
      .filter((link) => {
        const [path = '', anchor] = link.split('#')
        const target = path === '' ? document : join(dirname(document), path)
        if (!existsSync(join(ROOT, target))) return true
        return anchor !== undefined && target.endsWith('.md') && !anchorsOf(read(target)).includes(anchor)
      })
    expect(broken).toEqual([])
  })
})
