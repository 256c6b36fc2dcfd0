// Loaded before a documentation example: connections to https://*.example.com end at the stand-in on this machine. That
// happens below every HTTP client, so that the example runs as it stands, and the certificate is still verified.
import { syncBuiltinESMExports } from 'node:module'
import tls from 'node:tls'

const port = Number(process.env.EXAMPLE_HOSTS_PORT)
const { connect } = tls

tls.connect = (options, ...rest) => {
  const { host = '', servername } = options
  const isExample = host.endsWith('.example.com')
  return connect(isExample ? { ...options, servername: servername || host, host: '127.0.0.1', port } : options, ...rest)
}
syncBuiltinESMExports()
