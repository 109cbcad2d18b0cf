/** Socket.IO with its Redis Streams adapter. */
import { createAdapter } from '@socket.io/redis-streams-adapter'
import { Redis } from 'ioredis'
import { redisUrl } from './ready.ts'
import { serve } from './socket-io-app.ts'

serve(createAdapter(new Redis(redisUrl())))
