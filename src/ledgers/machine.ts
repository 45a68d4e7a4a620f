/**
 * One line of a ledger's state machine: which operation leads from where to where. The lines of a ledger stand in one table, from which its commands, the tests and the README's picture
 * come; who may take a step is said by the write rules of the policy, and only summed up in `by`.
 */
export interface Step<State extends string> {
  /** The mutation that takes the step; `clock` where time does. */
  operation: string;
  /** States that it leads from; null: the record begins with it. */
  from: readonly (State | null)[];
  to: State;
  /** Who takes it, in the words of the picture. */
  by: string;
  /** The other side's act, which makes true what the author claimed. */
  confirms?: true;
}

/** The step that an operation takes from a state, or undefined where the table has none. @param to where it is to lead, for an operation that may lead to several states */
export function findStep<State extends string>(steps: readonly Step<State>[], operation: string, from: State | null, to?: State): Step<State> | undefined {
  return steps.find((step) => step.operation === operation && step.from.includes(from) && (to === undefined || step.to === to));
}
