export { CxoneSimulator, type CxoneSimulatorCounts } from './cxone/cxone-simulator.js'
export { CXONE_FAULT_KINDS, type CxoneFault, type CxoneFaultKind } from './cxone/options.js'
export type { CxoneSimulatorLimits, CxoneSimulatorOptions } from './cxone/options.js'
export type { ResultCounts } from './cxone/result-host.js'
export type { CxoneTruth } from './cxone/truth.js'
export { FakeClock, type FakeClockOptions } from './fake-clock.js'
export { GenesysSimulator, type GenesysSimulatorCounts } from './genesys/genesys-simulator.js'
export { GENESYS_FAULT_KINDS, type GenesysFault, type GenesysFaultKind } from './genesys/options.js'
export type { GenesysSimulatorLimits, GenesysSimulatorOptions } from './genesys/options.js'
export type { GenesysClientState, GenesysSimulatedClient } from './genesys/simulated-client.js'
export type { GenesysTruth } from './genesys/truth.js'
export { handlers } from './msw-handlers.js'
export {
  startGenesysSimulator,
  type RunningGenesysSimulator,
  type StartGenesysSimulatorOptions,
} from './start-genesys-simulator.js'
export {
  startCxoneSimulator,
  type RunningCxoneSimulator,
  type StartCxoneSimulatorOptions,
} from './start-cxone-simulator.js'
