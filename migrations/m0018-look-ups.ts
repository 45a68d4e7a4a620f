import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Boundaries that ask for a row of another table look it up for each row. PostgreSQL plans every EXISTS twice, to be looked up for each row and to be read once for all, and each
 * boundary inside another twice again: half the planning of a first read went into that. `OFFSET 0` leaves the look-up, and the boundary as it is. Not where rows are listed and
 * counted by the million, for which the other way was made.
 */
export class LookUps1764000000018 implements MigrationInterface {
  readonly name = 'LookUps1764000000018';

  async up(runner: QueryRunner): Promise<void> {
    const policies = (await runner.query(READING_POLICIES, [LISTED])) as { name: string; relation: string; qualifier: string }[];
    for (const { name, relation, qualifier } of policies) await runner.query(`ALTER POLICY ${name} ON guitu.${relation} USING (${lookingUp(qualifier)})`);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

/** Tables whose rows are listed by themselves; of the others rows are read by a key. */
const LISTED = ['return_cases', 'at_risk_entries', 'settlement_cases', 'identity_inquiries', 'registered_households', 'duties'];

const READING_POLICIES = `
SELECT quote_ident(p.polname) AS name, quote_ident(c.relname) AS relation, pg_get_expr(p.polqual, p.polrelid) AS qualifier
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
WHERE c.relnamespace = 'guitu'::regnamespace AND p.polcmd = 'r' AND c.relname <> ALL ($1) AND pg_get_expr(p.polqual, p.polrelid) LIKE '%EXISTS (%'
ORDER BY c.relname, p.polname`;

/** The expression with `OFFSET 0` at the end of every EXISTS. PostgreSQL writes it with balanced brackets; none of the texts in it holds one. */
function lookingUp(expression: string): string {
  const start = expression.indexOf('EXISTS (');
  if (start < 0) return expression;
  const open = start + 'EXISTS '.length;
  let depth = 0;
  let end = open;
  do {
    if (expression[end] === '(') depth += 1;
    if (expression[end] === ')') depth -= 1;
    end += 1;
  } while (depth > 0);
  const inside = lookingUp(expression.slice(open + 1, end - 1));
  return `${expression.slice(0, open + 1)}${inside} OFFSET 0)${lookingUp(expression.slice(end))}`;
}
