/** Development: prints where a CPU profile (`node --cpu-prof`) spends its time, by function and by file. */
import { readFileSync } from 'node:fs'

interface Profile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}
const [file = '', top = '45'] = process.argv.slice(2)
const profile = JSON.parse(readFileSync(file, 'utf8')) as Profile
const names = new Map(
  profile.nodes.map(({ id, callFrame }) => [
    id,
    `${callFrame.functionName || '(anonymous)'} ${callFrame.url.split('/').slice(-3).join('/')}:${callFrame.lineNumber + 1}`,
  ]),
)
const self = new Map<string, number>()
for (const [at, id] of profile.samples.entries()) {
  const name = names.get(id) ?? '?'
  self.set(name, (self.get(name) ?? 0) + (profile.timeDeltas[at] ?? 0))
}
const idle = [...self].filter(([name]) => /^\((idle|program)\)/.test(name) && name.startsWith('(idle'))
const total = [...self.values()].reduce((a, b) => a + b, 0) - idle.reduce((a, [, us]) => a + us, 0)
console.log(`busy ${(total / 1e6).toFixed(2)} s`)
for (const [name, us] of [...self].sort(([, a], [, b]) => b - a).slice(0, Number(top))) {
  console.log(
    `${((us / total) * 100).toFixed(1).padStart(6)} %  ${(us / 1000).toFixed(0).padStart(8)} ms  ${name}`,
  )
}
