/** Socket.IO with its Redis adapter. */
import { createAdapter } from '@socket.io/redis-adapter'
import { Redis } from 'ioredis'
import { redisUrl } from './ready.ts'
import { serve } from './socket-io-app.ts'

const publisher = new Redis(redisUrl())
serve(createAdapter(publisher, publisher.duplicate()))
