const EVERYWHERE = [
  'acdInfos assignedGroup billable country customAttributes deletedDate emailAddress emailToBeVerified externalIdentity',
  'firstName fullName groupIds hireDate id impersonated lastName mobileNumber rank role roleUUID secondaryRoleIds status',
  'teamId timeZone userName',
]

function fieldsOf(...more: string[]): readonly string[] {
  return [...EVERYWHERE, ...more].flatMap((line) => line.split(' '))
}

/** What a user can have who is found by a search. */
export const SEARCHED_FIELDS = fieldsOf(
  'acdUserMappings creationDate displayName divisionId invitationExpired middleName mobileNumber2 modifiable',
  'passwordPolicyUpdated type views',
)

/** What one user can have who is asked for by id. */
export const USER_FIELDS = fieldsOf('displayName loginAuthenticatorId middleName mobileNumber2 type views')

/** What a user can have in the list of all. */
export const LISTED_FIELDS = fieldsOf(
  'acdUserMappings creationDate invitationExpired modifiable organizationName passwordPolicyUpdated',
)
