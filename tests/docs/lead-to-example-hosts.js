// Loaded before a documentation example: connections to https://*.example.com end at the stand-in on this machine. That
// happens below every HTTP client, so that the example runs as it stands, and the certificate is still verified. Where
// EXAMPLE_HOSTS is `all`, so do those to every other host, each under the name of an example.
import { syncBuiltinESMExports } from 'node:module'
import tls from 'node:tls'

const port = Number(process.env.EXAMPLE_HOSTS_PORT)
const isAll = process.env.EXAMPLE_HOSTS === 'all'
const { connect } = tls

tls.connect = (options, ...rest) => {
  const { host = '', servername } = options
  const isExample = host.endsWith('.example.com')
  const name = isExample ? servername || host : 'any.example.com'
  return connect(isExample || isAll ? { ...options, servername: name, host: '127.0.0.1', port } : options, ...rest)
}
syncBuiltinESMExports()
