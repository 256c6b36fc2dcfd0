import { cxonePlatform } from './cxone.js'
import { genesysPlatform } from './genesys.js'
import type { Platform } from './platform.js'

const PLATFORMS: readonly Platform[] = [genesysPlatform, cxonePlatform]

/** The platform of this name, if the main job can read it. */
export function platformNamed(name: string): Platform | undefined {
  return PLATFORMS.find((platform) => platform.name === name)
}
