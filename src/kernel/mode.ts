/** `demo`: fictitious people, a demo issuer, a pinned clock if wanted. `production`: none of these. */
export const MODES = ['demo', 'production'] as const;
export type Mode = (typeof MODES)[number];
