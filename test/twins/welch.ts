/** Share of a sample that is cropped at its fast end, and at its slow one, where the scheduler and the collector are: times have one long tail. */
const CROPPED_FAST = 0.05;
const CROPPED_SLOW = 0.3;

/** The difference of two means with its t. Positive where the first sample is slower. */
export interface Comparison { t: number; difference: number }

/**
 * Welch's t of two samples with cropped tails, as Yuen gave it (1974): the mean of what is kept, and the variance with what is cropped pulled in to the edges,
 * so that cropping does not make the difference look surer than it is. @throws RangeError for samples of which fewer than two values are kept
 */
export const croppedT = (one: readonly number[], other: readonly number[]): Comparison => compareMoments(croppedMoments(one), croppedMoments(other));

/** Welch's t (unequal variances). @throws RangeError for samples of fewer than two */
export const welchT = (one: readonly number[], other: readonly number[]): Comparison => compareMoments(croppedMoments(one, 0, 0), croppedMoments(other, 0, 0));

interface Moments { mean: number; squaredError: number }

function compareMoments(one: Moments, other: Moments): Comparison {
  const difference = one.mean - other.mean;
  const error = Math.sqrt(one.squaredError + other.squaredError);
  return { t: error === 0 ? 0 : difference / error, difference };
}

function croppedMoments(sample: readonly number[], fastShare = CROPPED_FAST, slowShare = CROPPED_SLOW): Moments {
  const sorted = sample.toSorted((left, right) => left - right);
  const kept = sorted.slice(Math.floor(sorted.length * fastShare), sorted.length - Math.floor(sorted.length * slowShare));
  const [from = 0, until = 0] = [kept[0], kept.at(-1)];
  if (kept.length < 2) throw new RangeError('a sample has at least two values');
  const pulledIn = sorted.map((value) => Math.min(Math.max(value, from), until));
  const centre = meanOf(pulledIn);
  const squares = pulledIn.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return { mean: meanOf(kept), squaredError: squares / (kept.length * (kept.length - 1)) };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
