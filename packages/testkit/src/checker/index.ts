export { Checker, type Verdict } from './checker.ts'
export { FINDINGS, type Finding, type FindingKind } from './findings.ts'
export { now, type TraceEvent } from './trace.ts'
export { readTrace, TraceWriter } from './trace-file.ts'
