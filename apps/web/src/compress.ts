/** Compresses the built files once, so a node sends them without work per request. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

/** Other types are compressed already. */
const COMPRESSIBLE = /\.(js|css|html|svg)$/

/** Writes `NAME.br` and `NAME.gz` beside each text file of the folder, where they are smaller. */
export async function compressFiles(folder: string): Promise<void> {
  const files = await readdir(folder, { recursive: true })
  await Promise.all(
    files.filter((file) => COMPRESSIBLE.test(file)).map((file) => compress(join(folder, file))),
  )
}

async function compress(path: string): Promise<void> {
  const plain = await readFile(path)
  const forms = [
    ['.br', await brotli(plain, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } })],
    ['.gz', await zip(plain, { level: constants.Z_BEST_COMPRESSION })],
  ] as const
  for (const [ending, bytes] of forms) if (bytes.length < plain.length) await writeFile(path + ending, bytes)
}
