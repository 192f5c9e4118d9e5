export const ROLES = ['source', 'target', 'both', 'sourceNames', 'targetNames', 'attributes', 'unused'] as const;
/** What a file of an import is for; at most one file each, but for those that are not used. `both`: it has both domains. */
export type Role = (typeof ROLES)[number];

/** The roles that a role stands for. */
export const rolesIn = (role: Role): readonly Role[] => (role === 'both' ? ['source', 'target', 'both'] : [role]);
