/** The commands of `skein`, in the order of the help. */
import type { Command } from '../command.ts'
import { chat } from './chat.ts'
import { config } from './config.ts'
import { doctor } from './doctor.ts'
import { publish } from './publish.ts'
import { sub } from './sub.ts'
import { token } from './token.ts'
import { up } from './up.ts'

export const COMMANDS: Readonly<Record<string, Command>> = { up, token, publish, sub, chat, doctor, config }
