export { type Random, seeded } from '../chaos/load/random.ts'
