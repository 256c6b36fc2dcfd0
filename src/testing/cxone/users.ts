import { uuidAt } from '../platform/seeded.js'
import type { AgentHead, Agents } from './agents.js'
import { PURPOSE } from './purpose.js'

/** The users of UserHub: every agent is one. One who has left is deleted, one who is locked is blocked. */
export class Users {
  readonly #seed: number
  readonly #agents: Agents

  constructor(seed: number, agents: Agents) {
    this.#seed = seed
    this.#agents = agents
  }

  /** The ids of all, in the order in which they are listed. */
  ids(): string[] {
    return this.#agents.heads.map(({ index }) => this.#agents.userIdAt(index))
  }

  all(now: number): Record<string, unknown>[] {
    return this.#agents.heads.map((head) => this.#user(head, now))
  }

  find(id: string, now: number): Record<string, unknown> | undefined {
    const head = this.#agents.heads.find(({ index }) => this.#agents.userIdAt(index) === id)
    return head && this.#user(head, now)
  }

  /** All that any endpoint tells. What is undefined is a field that this user does not have. */
  #user(head: AgentHead, now: number): Record<string, unknown> {
    const { firstName, lastName, userName, isActive, locked } = head
    const agent = this.#agents.row(head, now)
    const fullName = `${firstName} ${lastName}`
    const isSupervisor = agent['isSupervisor'] === true
    const loginIds = [{ loginId: String(agent['agentId']) }]
    return {
      id: agent['userID'],
      userName,
      firstName,
      middleName: '',
      lastName,
      fullName,
      displayName: fullName,
      emailAddress: userName,
      emailToBeVerified: '',
      status: !isActive ? 'DELETED' : locked ? 'BLOCKED' : 'ACTIVE',
      type: 'USER',
      role: isSupervisor ? 'Supervisor' : 'Agent',
      roleUUID: uuidAt(this.#seed, PURPOSE.role, isSupervisor ? 1 : 0),
      secondaryRoleIds: [],
      teamId: agent['teamUuId'],
      groupIds: [],
      assignedGroup: '',
      views: [],
      acdInfos: loginIds,
      acdUserMappings: loginIds,
      divisionId: agent['DivisionNo'],
      loginAuthenticatorId: agent['LoginAuthenticatorId'],
      organizationName: 'Simulated tenant',
      externalIdentity: '',
      mobileNumber: agent['telephone1'],
      mobileNumber2: '',
      country: agent['country'],
      timeZone: agent['timeZone'],
      rank: 1,
      billable: isActive,
      impersonated: false,
      invitationExpired: false,
      modifiable: true,
      passwordPolicyUpdated: true,
      creationDate: agent['createDate'],
      hireDate: agent['hireDate'],
      deletedDate: agent['terminationDate'],
      customAttributes: {},
    }
  }
}
